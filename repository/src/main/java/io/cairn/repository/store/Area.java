package io.cairn.repository.store;

/** A kind of file of a repository, and the directory that has them. */
public enum Area {
    CONFIG(""),
    KEYS("keys"),
    PACKS("data"),
    INDEXES("index"),
    SNAPSHOTS("snapshots"),
    LOCKS("locks"),
    MARKS("cairn/marks"),
    EVICTIONS("cairn/evictions"),
    VERIFIED("cairn/verified"),
    HOLDS("cairn/holds"),
    WAL("cairn/wal"),
    DAMAGED("cairn/damaged"),
    RUNS("cairn/runs"),
    POINTS("cairn/points");

    private final String directory;

    Area(String directory) {
        this.directory = directory;
    }

    /** The directory below the repository, without a slash at either end; empty for the top. */
    public String directory() {
        return directory;
    }
}
