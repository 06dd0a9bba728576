package io.cairn.repository;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who acts on a repository: the clock and dice it uses, and how its locks name it. {@code boot} and {@code started}
 * (clock ticks since the boot) tell this process from every other one with the same number, so that a dead one can be
 * proven dead.
 */
public record Actor(
        Clock clock,
        Entropy entropy,
        String host,
        String user,
        long pid,
        long uid,
        long gid,
        String boot,
        long started) {
    private static final int STAT_STARTED = 19;

    /** This process. */
    public static Actor thisProcess(Clock clock, Entropy entropy) {
        long pid = ProcessHandle.current().pid();
        return new Actor(
                clock,
                entropy,
                hostName(),
                System.getProperty("user.name", ""),
                pid,
                owner("unix:uid"),
                owner("unix:gid"),
                bootId(),
                startedAt(pid));
    }

    private static String hostName() {
        try {
            Path file = Path.of("/proc/sys/kernel/hostname");
            return Files.isReadable(file)
                    ? Files.readString(file).strip()
                    : InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unknown) {
            return "localhost";
        } catch (IOException failed) {
            return "localhost";
        }
    }

    private static long owner(String attribute) {
        try {
            return ((Number) Files.getAttribute(Path.of("/proc/self"), attribute)).longValue();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException elsewhere) {
            return 0;
        }
    }

    static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + ":"
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException elsewhere) {
            return "";
        }
    }

    /** Whether the process of that number is still the one that began then. */
    public static boolean isThere(long pid, long started) {
        return started != 0 && startedAt(pid) == started;
    }

    /** When the process of that number began, in clock ticks since the boot; 0 when there is none. */
    static long startedAt(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[STAT_STARTED]);
        } catch (IOException | NumberFormatException gone) {
            return 0;
        }
    }
}
