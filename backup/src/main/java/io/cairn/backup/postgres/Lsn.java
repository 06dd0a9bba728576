package io.cairn.backup.postgres;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the WAL: bytes since the beginning of the cluster. Written as PostgreSQL does, {@code 16/B374D848}. */
public record Lsn(long bytes) implements Comparable<Lsn> {
    public static final Lsn ZERO = new Lsn(0);

    private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");
    private static final int HEX = 16;

    public static Optional<Lsn> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(new Lsn(
                        Long.parseLong(matcher.group(1), HEX) << Integer.SIZE | Long.parseLong(matcher.group(2), HEX)))
                : Optional.empty();
    }

    Lsn plus(long count) {
        return new Lsn(bytes + count);
    }

    /** The beginning of the segment that has this byte. */
    Lsn segmentStart(long segmentSize) {
        return new Lsn(bytes - Long.remainderUnsigned(bytes, segmentSize));
    }

    boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%X/%X", bytes >>> Integer.SIZE, bytes & 0xffff_ffffL);
    }
}
