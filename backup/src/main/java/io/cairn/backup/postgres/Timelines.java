package io.cairn.backup.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A timeline's history file: where each timeline before it ended. Immutable. */
record Timelines(Map<Long, Lsn> ends) {
    Timelines {
        ends = Map.copyOf(ends);
    }

    /** Lines of {@code number TAB lsn TAB reason}; others are comments. */
    static Timelines parse(byte[] history) {
        Map<Long, Lsn> ends = new TreeMap<>();
        for (String line : new String(history, StandardCharsets.UTF_8).split("\n")) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length >= 2 && fields[0].matches("\\d{1,10}")) {
                Lsn.parse(fields[1]).ifPresent(end -> ends.put(Long.parseLong(fields[0]), end));
            }
        }
        return new Timelines(ends);
    }

    /** Where an earlier timeline was left; empty when it is none of this history. */
    Optional<Lsn> endOf(long timeline) {
        return Optional.ofNullable(ends.get(timeline));
    }
}
