package io.cairn.repository.cut;

/** Finds the end of the next piece of content. Immutable, safe for use by many threads. */
public sealed interface Cutter permits GearCutter, FixedCutter {
    /**
     * The length of the piece that begins at {@code offset}. Needs {@link #max()} bytes there, or all that are left.
     */
    int cut(byte[] bytes, int offset, int length);

    /** The longest piece in bytes. */
    int max();
}
