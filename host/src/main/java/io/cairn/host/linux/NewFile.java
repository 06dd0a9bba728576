package io.cairn.host.linux;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.Kernel;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file that gets its name when it is complete. Until {@link #publish} it has none, and its blocks go back when it is
 * closed or the process dies. For one thread.
 */
final class NewFile implements AutoCloseable {
    private final Path name;
    private final Descriptor descriptor;

    private NewFile(Path name, Descriptor descriptor) {
        this.name = name;
        this.descriptor = descriptor;
    }

    static NewFile in(Path name) {
        Descriptor descriptor = Descriptor.open(
                directoryOf(name),
                Descriptor.UNNAMED | Descriptor.READ_WRITE,
                "EOPNOTSUPP means a filesystem without unnamed files: a pool must be on XFS, ext4 or btrfs");
        return new NewFile(name, descriptor);
    }

    static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
    }

    Descriptor open() {
        return descriptor;
    }

    /** As {@link Descriptor#demand}, with the name that the file will have. */
    long demand(long answer, String operation) {
        if (answer < 0) {
            Errno errno = Kernel.errno(answer);
            throw new HostFault(
                    operation, name, errno, errno.equals(Errno.ENOSPC) ? "the pool has not enough room" : "");
        }
        return answer;
    }

    /** Syncs the content, gives the file its name, and syncs the directory. */
    void publish() {
        descriptor.sync();
        demand(descriptor.link(name), "name the new file");
        try (var directory = Descriptor.open(directoryOf(name), Descriptor.READ_ONLY | Descriptor.DIRECTORY)) {
            directory.sync();
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
