package io.cairn.repository.cut;

/** Pieces of one length, for content that is changed in place. Immutable. */
record FixedCutter(int size) implements Cutter {
    @Override
    public int cut(byte[] bytes, int offset, int length) {
        return Math.min(size, length);
    }

    @Override
    public int max() {
        return size;
    }
}
