package io.cairn.backup.point;

import io.cairn.base.Checks;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/** The id of a recovery point, {@code YYYYMMDD_HHMMSS} in UTC. In order of time, as far as the clock was. */
public record PointId(String text) implements Comparable<PointId> {
    private static final Pattern FORM = Pattern.compile("\\d{8}_\\d{6}");
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuuMMdd'_'HHmmss", Locale.ROOT);

    public PointId {
        Checks.check(isId(text), "a recovery point has an id like 20261122_220000, not %s", text);
    }

    /** Whether that is an id, of a second that the calendar has. */
    public static boolean isId(String text) {
        if (!FORM.matcher(text).matches()) {
            return false;
        }
        try {
            LocalDateTime _ = LocalDateTime.parse(text, FORMAT);
            return true;
        } catch (DateTimeParseException notATime) {
            return false;
        }
    }

    static PointId at(Instant time) {
        return new PointId(FORMAT.format(time.atOffset(ZoneOffset.UTC)));
    }

    PointId next() {
        return at(LocalDateTime.parse(text, FORMAT).plusSeconds(1).toInstant(ZoneOffset.UTC));
    }

    /** As the name of a file of the repository, which has no underscores. */
    String fileName() {
        return text.replace('_', '-');
    }

    @Override
    public int compareTo(PointId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
