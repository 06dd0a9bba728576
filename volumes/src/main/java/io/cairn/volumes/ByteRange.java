package io.cairn.volumes;

/** A run of bytes of an image: {@code length} bytes from {@code offset}. */
public record ByteRange(long offset, long length) {
    public ByteRange {
        if (offset < 0 || length <= 0) {
            throw new IllegalArgumentException("not a range: " + length + " bytes at " + offset);
        }
    }

    public long end() {
        return offset + length;
    }
}
