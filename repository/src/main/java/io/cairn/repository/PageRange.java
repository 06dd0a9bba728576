package io.cairn.repository;

import io.cairn.base.Checks;

/** A run of bytes of a file: {@code length} bytes from {@code offset}. */
public record PageRange(long offset, long length) {
    public PageRange {
        Checks.check(offset >= 0 && length > 0, "not a range: %d bytes at %d", length, offset);
    }

    public long end() {
        return offset + length;
    }
}
