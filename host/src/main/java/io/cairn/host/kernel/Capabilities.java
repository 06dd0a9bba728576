package io.cairn.host.kernel;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do beyond its user. Stateless. Source: capabilities(7). */
public final class Capabilities {
    public static final int SYS_ADMIN = 21;
    public static final int SYS_RESOURCE = 24;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String EFFECTIVE = "CapEff:";
    private static final int HEX = 16;

    private Capabilities() {}

    /** True when the capability of this number is in force. */
    public static boolean effective(int capability) {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(EFFECTIVE))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring(EFFECTIVE.length()).strip(), HEX))
                    .anyMatch(set -> (set & (1L << capability)) != 0);
        } catch (IOException failure) {
            throw new HostFault("read " + STATUS + ": " + failure.getMessage(), Errno.EIO, failure);
        }
    }
}
