package io.cairn.backup.postgres;

import io.cairn.base.Checks;

/** WAL of one timeline from one byte up to, and without, another. */
public record WalRange(long timeline, Lsn from, Lsn to) {
    public WalRange {
        Checks.check(!from.isAfter(to), "a range goes forward, not from %s to %s", from, to);
    }

    long length() {
        return to.bytes() - from.bytes();
    }

    @Override
    public String toString() {
        return from + " to " + to + " of timeline " + timeline;
    }
}
