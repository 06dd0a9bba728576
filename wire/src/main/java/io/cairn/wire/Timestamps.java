package io.cairn.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Times as S3 prints and accepts them, always UTC, in the years 0 to 9999. Stateless. */
public final class Timestamps {
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int RFC_850_FIRST_YEAR = 1970;
    private static final int BASIC_LENGTH = "yyyyMMddTHHmmssZ".length();
    private static final int DATE_LENGTH_MAX = 64;
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private static final DateTimeFormatter RFC_850 = new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, RFC_850_FIRST_YEAR)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US).withZone(ZoneOffset.UTC);
    private static final List<DateTimeFormatter> ACCEPTED =
            List.of(DateTimeFormatter.RFC_1123_DATE_TIME, RFC_850, ASCTIME, DateTimeFormatter.ISO_OFFSET_DATE_TIME);

    private Timestamps() {}

    /** RFC 1123, as in Last-Modified: {@code Fri, 24 May 2013 00:00:00 GMT}. */
    public static String http(Instant time) {
        LocalDateTime t = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(29);
        int day = 3 * (t.getDayOfWeek().getValue() - 1);
        int month = 3 * (t.getMonthValue() - 1);
        out.append(DAYS, day, day + 3).append(", ");
        two(out, t.getDayOfMonth()).append(' ').append(MONTHS, month, month + 3).append(' ');
        four(out, t.getYear()).append(' ');
        two(out, t.getHour()).append(':');
        two(out, t.getMinute()).append(':');
        return two(out, t.getSecond()).append(" GMT").toString();
    }

    /** ISO 8601 with milliseconds, as in listings: {@code 2009-10-12T17:50:30.000Z}. */
    public static String iso(Instant time) {
        LocalDateTime t = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(24);
        four(out, t.getYear()).append('-');
        two(out, t.getMonthValue()).append('-');
        two(out, t.getDayOfMonth()).append('T');
        two(out, t.getHour()).append(':');
        two(out, t.getMinute()).append(':');
        two(out, t.getSecond()).append('.');
        int millis = t.getNano() / 1_000_000;
        out.append((char) ('0' + millis / 100));
        return two(out, millis % 100).append('Z').toString();
    }

    /** ISO 8601 basic, as in x-amz-date: {@code 20130524T000000Z}. */
    public static String basic(Instant time) {
        LocalDateTime t = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(BASIC_LENGTH);
        four(out, t.getYear());
        two(out, t.getMonthValue());
        two(out, t.getDayOfMonth()).append('T');
        two(out, t.getHour());
        two(out, t.getMinute());
        return two(out, t.getSecond()).append('Z').toString();
    }

    /** Reads {@link #basic}; empty for anything else. */
    public static Optional<Instant> parseBasic(String text) {
        if (text.length() != BASIC_LENGTH || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return Optional.empty();
        }
        int date = digits(text, 0, 8);
        int time = digits(text, 9, 15);
        if (date < 0 || time < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.of(
                            date / 10_000, date / 100 % 100, date % 100, time / 10_000, time / 100 % 100, time % 100)
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** Reads a date of a conditional header: RFC 1123, RFC 850, asctime, or ISO 8601; empty for anything else. */
    public static Optional<Instant> parse(String text) {
        String stripped = text.strip();
        if (stripped.length() > DATE_LENGTH_MAX) {
            return Optional.empty();
        }
        for (DateTimeFormatter format : ACCEPTED) {
            try {
                return Optional.of(format.parse(stripped, Instant::from)).filter(Timestamps::isPrintable);
            } catch (DateTimeException _) {
                continue;
            }
        }
        return parseBasic(stripped);
    }

    private static boolean isPrintable(Instant time) {
        return !time.isBefore(FIRST) && !time.isAfter(LAST);
    }

    private static int digits(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    private static StringBuilder two(StringBuilder out, int value) {
        return out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    private static StringBuilder four(StringBuilder out, int value) {
        return two(two(out, value / 100), value % 100);
    }
}
