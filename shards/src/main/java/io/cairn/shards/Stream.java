package io.cairn.shards;

/**
 * The two kinds of segment: many small records packed tightly, or few large ones whose space returns by hole punching.
 */
enum Stream {
    PACKED(1, 'p', 64),
    BULK(2, 'b', 4096);

    final int code;
    final char letter;
    /** Every record starts at a multiple of this. */
    final int alignment;

    Stream(int code, char letter, int alignment) {
        this.code = code;
        this.letter = letter;
        this.alignment = alignment;
    }

    long align(long bytes) {
        return (bytes + alignment - 1) & -(long) alignment;
    }
}
