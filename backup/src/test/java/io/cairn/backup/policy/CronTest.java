package io.cairn.backup.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules against times that were worked out by hand from the calendar. */
final class CronTest {
    private static List<String> next(String cron, String zone, String after, int count) {
        Cron parsed = Cron.parse(cron, ZoneId.of(zone));
        List<String> times = new ArrayList<>();
        Instant at = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            at = parsed.next(at).orElseThrow();
            times.add(at.toString());
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "15 2 * * *      | 2026-11-22T02:14:59Z | 2026-11-22T02:15:00Z",
                "15 2 * * *      | 2026-11-22T02:15:00Z | 2026-11-23T02:15:00Z",
                "*/20 * * * *    | 2026-11-22T23:59:00Z | 2026-11-23T00:00:00Z",
                "5/20 * * * *    | 2026-11-22T23:26:00Z | 2026-11-22T23:45:00Z",
                "0 9-17/4 * * mon-fri | 2026-11-21T00:00:00Z | 2026-11-23T09:00:00Z",
                "0 0 13 * 5      | 2026-11-22T00:00:00Z | 2026-11-27T00:00:00Z",
                "0 0 13 * *      | 2026-11-22T00:00:00Z | 2026-12-13T00:00:00Z",
                "0 0 */2 * 1     | 2026-11-22T00:00:00Z | 2026-11-23T00:00:00Z",
                "0 0 29 2 *      | 2026-11-22T00:00:00Z | 2028-02-29T00:00:00Z",
                "0 0 29 2 *      | 2096-03-01T00:00:00Z | 2104-02-29T00:00:00Z",
                "0 0 31 jan,mar * | 2026-11-22T00:00:00Z | 2027-01-31T00:00:00Z",
                "30 4 * * 7      | 2026-11-22T05:00:00Z | 2026-11-29T04:30:00Z",
                "30 4 * * Sun    | 2026-11-22T05:00:00Z | 2026-11-29T04:30:00Z",
                "@monthly        | 2026-11-22T05:00:00Z | 2026-12-01T00:00:00Z",
            })
    void time_afterAnother_isTheCalendars(String cron, String after, String expected) {
        assertEquals(List.of(expected), next(cron, "UTC", after, 1));
    }

    /** 2026-03-29: at 02:00 the clocks of Berlin jump to 03:00. */
    @Test
    void skippedTime_ofACertainHour_runsAsTheClocksJump() {
        assertEquals(
                List.of("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
                next("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3));
        assertEquals(
                List.of("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z"),
                next("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 3));
    }

    /** 2026-10-25: at 03:00 the clocks of Berlin go back to 02:00. */
    @Test
    void repeatedTime_ofACertainHour_runsOnce() {
        assertEquals(
                List.of("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
                next("30 2 * * *", "Europe/Berlin", "2026-10-23T12:00:00Z", 3));
        assertEquals(
                List.of("2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"),
                next("30 * * * *", "Europe/Berlin", "2026-10-24T23:00:00Z", 4));
    }

    /** Samoa had no 30 December 2011; Santiago has jumped at midnight. */
    @Test
    void day_thatDoesNotExistOrBeginsLate_isRunOnce() {
        assertEquals(
                List.of("2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"),
                next("0 12 * * *", "Pacific/Apia", "2011-12-28T23:00:00Z", 3));
        assertEquals(
                List.of("2019-09-07T04:15:00Z", "2019-09-08T04:00:00Z", "2019-09-09T03:15:00Z"),
                next("15 0 * * *", "America/Santiago", "2019-09-07T00:00:00Z", 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 8",
                "5-1 * * * *",
                "*/0 * * * *",
                "a * * * *",
                "0 0 30 2 *",
                "@often",
                "1,,2 * * * *",
                "-1 * * * *"
            })
    void schedule_thatMakesNoSense_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Cron.parse(text, ZoneId.of("UTC")));
    }
}
