package io.cairn.volumes.spec;

/** Which kinds of I/O a limit must hold for the volume to be created. */
public enum LimitsMode {
    /** All of them, over all containers in total; a host whose kernel cannot is refused. */
    TOTAL("total"),
    /** Direct I/O is enough: what cgroup v1 can do. */
    DIRECT("direct");

    private final String word;

    LimitsMode(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static LimitsMode of(String word) {
        return Words.one("kind of limits", word, LimitsMode::word, values());
    }
}
