package io.cairn.shards;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The port between a drive and its file system: one directory tree, whose files are named by relative paths such as
 * {@code segments/p-0000000000000001.seg}.
 *
 * <p>Durability: nothing is on stable storage until it is asked for. The bytes of a file are after
 * {@link DiskFile#force}; the creation, removal and renaming of names are after {@link #syncDirectory} of the directory
 * that holds them. Until then a power cut may keep, lose or reorder each of them. A rename is atomic: afterwards the
 * name leads to the old or to the new file. Safe for use by many threads.
 */
public interface Disk extends AutoCloseable {
    /** Creates a directory (mode 0700) if it is not there. */
    void createDirectory(String name) throws IOException;

    /** The names in a directory, without their path, sorted; the root is the empty name. */
    List<String> list(String directory) throws IOException;

    boolean exists(String name);

    /** Creates an empty file (mode 0600) and opens it for reading and writing; fails when the name is taken. */
    DiskFile create(String name) throws IOException;

    /** Opens an existing file. */
    DiskFile open(String name, boolean writable) throws IOException;

    /** Renames a file; one that has the new name already is replaced, atomically. */
    void rename(String from, String to) throws IOException;

    /** Removes a name; fails when there is none. Files that are open stay readable through their handle. */
    void delete(String name) throws IOException;

    /** Makes the names of a directory durable. */
    void syncDirectory(String directory) throws IOException;

    /** Which file the path leads to at this moment (device and inode), or empty when it leads nowhere. */
    Optional<String> stamp(String name);

    /** Takes the lock of the whole tree, until {@link #close}; false when another process or drive has it. */
    boolean lock(String name) throws IOException;

    /** The size of the file system in bytes, as it is now. */
    long capacity() throws IOException;

    /** What the file system still offers, in bytes. */
    long usable() throws IOException;

    /** True when the file system is mounted read-only by now. */
    boolean readOnly();

    @Override
    void close() throws IOException;
}
