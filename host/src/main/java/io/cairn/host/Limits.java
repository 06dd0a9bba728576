package io.cairn.host;

import java.util.OptionalLong;

/** What a device may do per second: operations and bytes, each way. An absent limit is none. All are positive. */
public record Limits(OptionalLong readIops, OptionalLong writeIops, OptionalLong readBytes, OptionalLong writeBytes) {
    public static final Limits NONE =
            new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public Limits {
        for (OptionalLong limit : new OptionalLong[] {readIops, writeIops, readBytes, writeBytes}) {
            if (limit.isPresent() && limit.getAsLong() <= 0) {
                throw new IllegalArgumentException("a limit must be positive: " + limit.getAsLong());
            }
        }
    }

    /** An equal share of each limit for that many, rounded down, but never less than one. */
    public Limits dividedBy(int count) {
        return new Limits(
                share(readIops, count), share(writeIops, count), share(readBytes, count), share(writeBytes, count));
    }

    private static OptionalLong share(OptionalLong limit, int count) {
        return limit.isPresent() ? OptionalLong.of(Math.max(1, limit.getAsLong() / count)) : limit;
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
