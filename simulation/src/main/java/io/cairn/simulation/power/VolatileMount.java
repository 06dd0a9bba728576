package io.cairn.simulation.power;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.cryptomator.jfuse.api.Fuse;
import org.cryptomator.jfuse.api.FuseBuilder;
import org.cryptomator.jfuse.api.FuseMountFailedException;

/**
 * A volatile disk as a directory of this machine, by FUSE: any program can run on it. Every write reaches the disk's
 * model at once, since the kernel caches none; a new mount starts with an empty page cache, as a machine does. The
 * process that mounts must not use the directory itself. Thread-safe.
 */
public final class VolatileMount implements AutoCloseable {
    private static final List<String> DIRECTORIES =
            List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib");

    private final Fuse fuse;
    private final FileOperations operations;

    private VolatileMount(Fuse fuse, FileOperations operations) {
        this.fuse = fuse;
        this.operations = operations;
    }

    /** Mounts the disk on an existing, empty directory. Needs the right to mount, and libfuse 3. */
    public static VolatileMount of(VolatileDisk disk, Syncs syncs, Path directory) throws IOException {
        FuseBuilder builder = Fuse.builder();
        builder.setLibraryPath(library().orElseThrow(() -> new IOException("libfuse 3 is not installed")));
        FileOperations operations = new FileOperations(disk, syncs, builder.errno());
        Fuse fuse = builder.build(operations);
        MissingCalls.enter(fuse, operations);
        try {
            // noforget keeps the numbers of files: programs tell by them whether a directory was exchanged.
            fuse.mount("volatile", directory, "-o", "noforget");
        } catch (FuseMountFailedException failed) {
            throw new IOException("the volatile disk cannot be mounted on " + directory, failed);
        }
        return new VolatileMount(fuse, operations);
    }

    /** Why no disk can be mounted here, if that is so. */
    public static Optional<String> obstacle() {
        if (!Files.isWritable(Path.of("/dev/fuse"))) {
            return Optional.of("/dev/fuse cannot be opened by this user");
        }
        return library().isPresent()
                ? Optional.empty()
                : Optional.of("libfuse 3 is not installed (package libfuse3-3)");
    }

    /** Debian keeps the library under the name of its ABI, which Java does not look for. */
    private static Optional<String> library() {
        return DIRECTORIES.stream()
                .flatMap(directory -> Stream.of(directory + "/libfuse3.so.3", directory + "/libfuse3.so.4"))
                .filter(file -> Files.exists(Path.of(file)))
                .findFirst();
    }

    /** From now on nothing reaches the disk: whoever asks for something waits. */
    public void freeze() {
        operations.gate().freeze();
    }

    /** Answers those who wait, and all who come, with an I/O error. */
    public void fail() {
        operations.gate().fail();
    }

    /** Unmounts; programs on the disk must have ended. */
    @Override
    public void close() throws IOException {
        try {
            fuse.close();
        } catch (TimeoutException busy) {
            throw new IOException("the volatile disk is still in use", busy);
        }
    }
}
