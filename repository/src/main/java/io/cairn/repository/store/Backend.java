package io.cairn.repository.store;

import java.util.Map;

/**
 * The port to the place that keeps the files of one repository. Files are written once, whole, and deleted; never
 * changed.
 *
 * <p>Durability: when {@link #save} or {@link #saveIfAbsent} returns, the file is on stable storage under its name;
 * when it throws, or the process dies in it, the file is there as a whole or not at all. A deletion may come back after
 * a power cut. Errors: {@link RepositoryFault}. Implementations are safe for use by many threads.
 */
public interface Backend {
    /** Stores a file. One that is there already is replaced as a whole: names are hashes, so it has the same bytes. */
    void save(FileName name, byte[] content, int length);

    /** Stores a file unless the name is taken, atomically among all users; false when it was. */
    boolean saveIfAbsent(FileName name, byte[] content);

    /** The whole file; {@link RepositoryFault.Missing} when it is not there. */
    byte[] load(FileName name);

    /** Exactly {@code length} bytes from {@code offset}; a shorter file is {@link RepositoryFault.Damaged}. */
    void read(FileName name, long offset, byte[] target, int at, int length);

    /**
     * Names and sizes in bytes of all finished files of an area. Not atomic: a file written or deleted meanwhile may
     * show or not.
     */
    Map<String, Long> list(Area area);

    /** Deletes a file; one that is not there is fine. */
    void delete(FileName name);

    /** Makes the directories of a new repository; fails when there is a repository already. */
    void prepare();

    /**
     * True when every user of this place runs on this machine or has it mounted, so that nothing is under way after a
     * process died.
     */
    boolean writesEndWithProcess();

    /** The place, without secrets, for messages. */
    String place();
}
