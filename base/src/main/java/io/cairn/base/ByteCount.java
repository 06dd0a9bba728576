package io.cairn.base;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A number of bytes, never negative. Text forms are binary: {@code 10G} and {@code 10GiB} are both 10·2³⁰ bytes. */
public record ByteCount(long bytes) implements Comparable<ByteCount> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,19})(?:\\.(\\d{1,3}))?\\s*([KMGTPE]?)(?:iB|B)?");
    private static final String UNITS = "KMGTPE";
    private static final int UNIT_BITS = 10;

    public ByteCount {
        if (bytes < 0) {
            throw new IllegalArgumentException("a byte count cannot be negative: " + bytes);
        }
    }

    public static ByteCount of(long bytes) {
        return new ByteCount(bytes);
    }

    public static ByteCount kibibytes(long count) {
        return new ByteCount(Math.multiplyExact(count, 1L << UNIT_BITS));
    }

    public static ByteCount mebibytes(long count) {
        return new ByteCount(Math.multiplyExact(count, 1L << 2 * UNIT_BITS));
    }

    public static ByteCount gibibytes(long count) {
        return new ByteCount(Math.multiplyExact(count, 1L << 3 * UNIT_BITS));
    }

    /** Reads {@code 512MiB}, {@code 10G}, {@code 1.5T} or plain bytes; refuses anything else, and overflow. */
    public static ByteCount parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a size: '" + text + "'; expected a number with an optional unit, such as 512MiB or 10G");
        }
        long unit = 1L
                << UNIT_BITS
                        * (UNITS.indexOf(matcher.group(3)) + (matcher.group(3).isEmpty() ? 0 : 1));
        try {
            long whole = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
            return new ByteCount(Math.addExact(whole, fraction(matcher.group(2), unit)));
        } catch (ArithmeticException | NumberFormatException overflow) {
            throw new IllegalArgumentException("size too large: '" + text + "'", overflow);
        }
    }

    private static long fraction(@Nullable String digits, long unit) {
        if (digits == null) {
            return 0;
        }
        return Math.round(Double.parseDouble("0." + digits) * unit);
    }

    @Override
    public int compareTo(ByteCount other) {
        return Long.compare(bytes, other.bytes);
    }

    /** A short form for people, such as {@code 1.5 GiB}. */
    @Override
    public String toString() {
        if (bytes < 1L << UNIT_BITS) {
            return bytes + " B";
        }
        int power = (Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes)) / UNIT_BITS;
        double value = (double) bytes / (1L << power * UNIT_BITS);
        return String.format(Locale.ROOT, "%.1f %ciB", value, UNITS.charAt(power - 1));
    }
}
