package io.cairn.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel counts of a process. Linux only. Safe for use by many threads. */
record ProcessFigures(long pid) {
    /** USER_HZ, which Linux fixes for all its interfaces. */
    private static final double TICKS_PER_SECOND = 100;

    /** The processor time it has used so far, all its threads together. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(path("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    long residentBytes() throws IOException {
        return kibibytes("VmRSS:") << 10;
    }

    /** The most it ever had. */
    long residentBytesMax() throws IOException {
        return kibibytes("VmHWM:") << 10;
    }

    private long kibibytes(String name) throws IOException {
        for (String line : Files.readAllLines(path("status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D+", ""));
            }
        }
        throw new IOException(path("status") + " has no " + name);
    }

    private Path path(String name) {
        return Path.of("/proc", String.valueOf(pid), name);
    }
}
