package io.cairn.volumes.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The port to the small files of a registry. Whatever changes something returns when that is on stable storage, and a
 * crash leaves it as it was or done. Safe for many threads.
 */
public interface RegistryFiles {
    /** The whole content, or empty when there is no such file. */
    Optional<byte[]> read(Path file) throws IOException;

    /** Replaces the content, or makes the file, for its owner alone; through a file {@code .new} beside it. */
    void replace(Path file, byte[] content) throws IOException;

    /** Makes a directory for its owner alone; one that is there is no error. */
    void makeDirectory(Path directory) throws IOException;

    /** Removes an empty directory, or a file; a missing one is no error. */
    void remove(Path path) throws IOException;

    /** Renames a file over another one of the same directory. */
    void rename(Path from, Path to) throws IOException;

    /** The entries of a directory, sorted; none when there is no such directory. */
    List<Path> list(Path directory) throws IOException;

    /** Takes the file's lock for this process until closed, or is empty when another process has it. */
    Optional<AutoCloseable> lock(Path file) throws IOException;
}
