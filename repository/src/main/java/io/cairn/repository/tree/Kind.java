package io.cairn.repository.tree;

/** The kind of a node, with restic's word for it, the type bits of Unix and those of Go. */
public enum Kind {
    FILE("file", 0x8000, 0),
    DIRECTORY("dir", 0x4000, 1L << 31),
    LINK("symlink", 0xa000, 1L << 27),
    BLOCK_DEVICE("dev", 0x6000, 1L << 26),
    CHARACTER_DEVICE("chardev", 0x2000, 1L << 26 | 1L << 21),
    PIPE("fifo", 0x1000, 1L << 25),
    SOCKET("socket", 0xc000, 1L << 24),
    /** A kind of another system, which is kept in listings and not restored. */
    OTHER("irregular", 0, 1L << 19);

    private static final int TYPE_BITS = 0xf000;
    private static final int SET_UID = 0x800;
    private static final int SET_GID = 0x400;
    private static final int STICKY = 0x200;
    private static final int PERMISSIONS = 0x1ff;

    private final String word;
    private final int unix;
    private final long go;

    Kind(String word, int unix, long go) {
        this.word = word;
        this.unix = unix;
        this.go = go;
    }

    public String word() {
        return word;
    }

    static Kind named(String word) {
        for (Kind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        return OTHER;
    }

    /** The kind by {@code st_mode}. */
    static Kind ofMode(int mode) {
        for (Kind kind : values()) {
            if (kind.unix == (mode & TYPE_BITS)) {
                return kind;
            }
        }
        return OTHER;
    }

    /** The type bits of Unix. */
    int unix() {
        return unix;
    }

    /** Go's mode from permission bits of Unix. */
    long goMode(int permissions) {
        return go
                | permissions & PERMISSIONS
                | ((permissions & SET_UID) != 0 ? 1L << 23 : 0)
                | ((permissions & SET_GID) != 0 ? 1L << 22 : 0)
                | ((permissions & STICKY) != 0 ? 1L << 20 : 0);
    }

    /** Permission bits of Unix from Go's mode. */
    static int permissions(long goMode) {
        return (int) (goMode & PERMISSIONS)
                | ((goMode & 1L << 23) != 0 ? SET_UID : 0)
                | ((goMode & 1L << 22) != 0 ? SET_GID : 0)
                | ((goMode & 1L << 20) != 0 ? STICKY : 0);
    }
}
