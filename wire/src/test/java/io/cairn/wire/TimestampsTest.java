package io.cairn.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimestampsTest {
    private static final Instant TIME = Instant.parse("2008-06-03T07:08:09.045Z");
    private static final Instant SECOND = Instant.parse("2008-06-03T07:08:09Z");

    @Test
    void times_printAsS3Does() {
        assertEquals("Tue, 03 Jun 2008 07:08:09 GMT", Timestamps.http(TIME));
        assertEquals("2008-06-03T07:08:09.045Z", Timestamps.iso(TIME));
        assertEquals("20080603T070809Z", Timestamps.basic(TIME));
    }

    @Test
    void everyAcceptedForm_givesTheSameTime() {
        for (String text : List.of(
                "Tue, 03 Jun 2008 07:08:09 GMT",
                "Tue, 3 Jun 2008 07:08:09 GMT",
                "Tuesday, 03-Jun-08 07:08:09 GMT",
                "Tue Jun  3 07:08:09 2008",
                "2008-06-03T07:08:09Z",
                "2008-06-03T07:08:09.000Z",
                "20080603T070809Z")) {
            assertEquals(Optional.of(SECOND), Timestamps.parse(text), text);
        }
    }

    @Test
    void anythingElse_isEmpty() {
        for (String text : List.of("", "yesterday", "20081303T070809Z", "20080603T0708090", "2008060xT070809Z")) {
            assertEquals(Optional.empty(), Timestamps.parse(text), text);
            assertEquals(Optional.empty(), Timestamps.parseBasic(text), text);
        }
        assertTrue(Timestamps.parse("9".repeat(100_000)).isEmpty());
        assertTrue(Timestamps.parse("+123456-01-01T00:00:00Z").isEmpty());
    }

    @Test
    void anyTime_printedAndRead_isItself() {
        Property.holds(500, random -> {
            Instant time = Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L));
            assertEquals(Optional.of(time), Timestamps.parse(Timestamps.http(time)));
            assertEquals(Optional.of(time), Timestamps.parse(Timestamps.iso(time)));
            assertEquals(Optional.of(time), Timestamps.parseBasic(Timestamps.basic(time)));
        });
    }
}
