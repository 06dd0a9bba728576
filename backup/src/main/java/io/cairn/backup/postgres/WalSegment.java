package io.cairn.backup.postgres;

import io.cairn.backup.SourceName;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One segment of WAL of a cluster: its number counts from the beginning of the cluster. */
record WalSegment(long timeline, long number, long size) {
    private static final Pattern NAME = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})");
    private static final int HEX = 16;
    private static final long LOG_BYTES = 1L << 32;

    static WalSegment of(long timeline, Lsn lsn, long size) {
        return new WalSegment(timeline, Long.divideUnsigned(lsn.bytes(), size), size);
    }

    /** From PostgreSQL's name, as {@code %f} of a restore command has it. */
    static Optional<WalSegment> parse(String name, long size) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new WalSegment(
                        Long.parseLong(matcher.group(1), HEX),
                        Long.parseLong(matcher.group(2), HEX) * (LOG_BYTES / size)
                                + Long.parseLong(matcher.group(3), HEX),
                        size))
                : Optional.empty();
    }

    String name() {
        long perLog = LOG_BYTES / size;
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, number / perLog, number % perLog);
    }

    /** The directory of the snapshot that has it: 4 GiB of WAL. */
    String directory(SourceName source) {
        return String.format(Locale.ROOT, "%s/wal/%08X/%08X", source.path(), timeline, number / (LOG_BYTES / size));
    }

    Lsn start() {
        return new Lsn(number * size);
    }

    Lsn end() {
        return start().plus(size);
    }

    WalSegment next() {
        return new WalSegment(timeline, number + 1, size);
    }

    WalRange range() {
        return new WalRange(timeline, start(), end());
    }
}
