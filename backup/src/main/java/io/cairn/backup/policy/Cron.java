package io.cairn.backup.policy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A schedule as cron writes it, {@code minute hour day-of-month month day-of-week}, on the clocks of a time zone. When
 * both kinds of day are restricted, either is enough, as in every cron since Vixie's. Where clocks are changed: a
 * schedule of certain hours runs once for a time that is skipped (as the clocks jump) and once for a time that comes
 * twice (the first time); a schedule of every hour goes by what the clocks show, and runs both times.
 */
public record Cron(
        String text,
        CronField minutes,
        CronField hours,
        CronField days,
        CronField months,
        CronField weekdays,
        ZoneId zone) {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> WEEKDAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final Map<String, String> WORDS = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    /** The 29th of February may be eight years away, across a year like 2100. */
    private static final int DAYS_MAX = 8 * 366 + 2;

    /** @throws IllegalArgumentException that says what is wrong with it, also when it never comes */
    public static Cron parse(String text, ZoneId zone) {
        String[] fields = WORDS.getOrDefault(text.strip(), text.strip()).split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("a schedule has five fields, minute hour day-of-month month day-of-week,"
                    + " as in '15 2 * * *', or is one of @hourly, @daily, @weekly, @monthly, @yearly; not '" + text
                    + "'");
        }
        CronField weekdays = CronField.parse("day of the week", fields[4], 0, 7, WEEKDAYS);
        if (weekdays.has(7)) {
            weekdays.values().set(0);
        }
        Cron cron = new Cron(
                text,
                CronField.parse("minute", fields[0], 0, 59, List.of()),
                CronField.parse("hour", fields[1], 0, 23, List.of()),
                CronField.parse("day of the month", fields[2], 1, 31, List.of()),
                CronField.parse("month", fields[3], 1, 12, MONTHS),
                weekdays,
                zone);
        if (cron.next(Instant.parse("2000-01-01T00:00:00Z")).isEmpty()) {
            throw new IllegalArgumentException("the schedule '" + text + "' never comes: no month has such a day");
        }
        return cron;
    }

    /** The first time after that one; empty when there is none within eight years. */
    public Optional<Instant> next(Instant after) {
        // A jump of the clocks may bring a time of one day behind one of the next.
        LocalDate start = after.atZone(zone).toLocalDate().minusDays(1);
        TreeSet<Instant> times = new TreeSet<>();
        for (int i = 0; i < DAYS_MAX; i++) {
            LocalDate day = start.plusDays(i);
            if (matches(day)) {
                addAll(times, day);
            }
            Instant found = times.higher(after);
            if (found != null && day.isAfter(found.atZone(zone).toLocalDate())) {
                return Optional.of(found);
            }
        }
        return Optional.ofNullable(times.higher(after));
    }

    private boolean matches(LocalDate day) {
        boolean dayOfMonth = days.has(day.getDayOfMonth());
        boolean weekday = weekdays.has(day.getDayOfWeek().getValue() % 7);
        boolean either = days.star() || weekdays.star() ? dayOfMonth && weekday : dayOfMonth || weekday;
        return months.has(day.getMonthValue()) && either;
    }

    private void addAll(TreeSet<Instant> times, LocalDate day) {
        for (int hour = hours.values().nextSetBit(0);
                hour >= 0;
                hour = hours.values().nextSetBit(hour + 1)) {
            for (int minute = minutes.values().nextSetBit(0);
                    minute >= 0;
                    minute = minutes.values().nextSetBit(minute + 1)) {
                add(times, LocalDateTime.of(day, LocalTime.of(hour, minute)));
            }
        }
    }

    private void add(TreeSet<Instant> times, LocalDateTime shown) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(shown);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition jump = zone.getRules().getTransition(shown);
            if (!hours.star()) {
                times.add(jump.getInstant());
            }
        } else {
            times.add(shown.toInstant(offsets.getFirst()));
            if (hours.star() && offsets.size() > 1) {
                times.add(shown.toInstant(offsets.getLast()));
            }
        }
    }

    @Override
    public String toString() {
        return text + " " + zone;
    }
}
