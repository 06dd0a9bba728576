package io.cairn.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Json;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which snapshots stay. */
final class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    /** One snapshot a day at noon, newest first; number 0 is today's. */
    private static List<Snapshot> daily(int days) {
        List<Snapshot> snapshots = new ArrayList<>();
        for (int i = 0; i < days; i++) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("time", Json.time(NOW.minusSeconds(i * 86_400L)));
            fields.put("tree", "ab".repeat(32));
            fields.put("tags", i == 77 ? List.of("release") : List.of());
            snapshots.add(new Snapshot(Id.of(new byte[] {(byte) i, (byte) (i >> 8)}), fields));
        }
        return snapshots;
    }

    private static List<Integer> kept(
            int days, Retention.Rules rules, Set<Integer> verified, Map<Integer, String> held) {
        List<Snapshot> all = daily(days);
        Set<String> names = new java.util.HashSet<>();
        verified.forEach(i -> names.add(all.get(i).id().toString()));
        Map<String, String> holds = new LinkedHashMap<>();
        held.forEach((i, reason) -> holds.put(all.get(i).id().toString(), reason));
        List<Retention.Verdict> verdicts = Retention.decide(all, rules, ZoneOffset.UTC, NOW, names, holds);
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < days; i++) {
            if (verdicts.get(i).stays()) {
                kept.add(i);
            }
        }
        return kept;
    }

    private static Retention.Rules rules(int last, int daily, int monthly, Period within, Period immutable) {
        return new Retention.Rules(last, 0, daily, 0, monthly, 0, within, immutable, Set.of());
    }

    @Test
    void rules_ofEachKind_keepTheNewestOfEachBucket() {
        assertEquals(List.of(0, 1, 2), kept(100, rules(3, 0, 0, Period.ZERO, Period.ZERO), Set.of(), Map.of()));
        assertEquals(List.of(0, 1), kept(100, rules(0, 2, 0, Period.ZERO, Period.ZERO), Set.of(), Map.of()));
        assertEquals(List.of(0, 22, 53), kept(100, rules(0, 0, 3, Period.ZERO, Period.ZERO), Set.of(), Map.of()));
        assertEquals(
                5,
                kept(100, rules(0, 0, 0, Period.ofDays(5), Period.ZERO), Set.of(), Map.of())
                        .size());
    }

    @Test
    void oldest_whileSomeAreLeft_stays() {
        List<Integer> kept = kept(40, rules(0, 0, 5, Period.ZERO, Period.ZERO), Set.of(), Map.of());
        assertEquals(List.of(0, 22, 39), kept);
    }

    @Test
    void newestVerified_whateverTheRules_stays() {
        assertEquals(List.of(0, 9), kept(30, rules(1, 0, 0, Period.ZERO, Period.ZERO), Set.of(9, 12), Map.of()));
    }

    @Test
    void holdsAndImmutability_whateverTheRules_stay() {
        Retention.Rules rules = rules(1, 0, 0, Period.ZERO, Period.ofDays(3));
        assertEquals(List.of(0, 1, 2, 20), kept(30, rules, Set.of(), Map.of(20, "audit")));
    }

    @Test
    void noRule_keepsEverything() {
        assertEquals(
                30,
                kept(30, rules(0, 0, 0, Period.ZERO, Period.ZERO), Set.of(), Map.of())
                        .size());
    }

    @Test
    void tag_keepsItsSnapshot() {
        Retention.Rules rules = new Retention.Rules(1, 0, 0, 0, 0, 0, Period.ZERO, Period.ZERO, Set.of("release"));
        assertTrue(kept(100, rules, Set.of(), Map.of()).contains(77));
    }
}
