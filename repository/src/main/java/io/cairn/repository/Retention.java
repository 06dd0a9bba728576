package io.cairn.repository;

import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which snapshots stay. Decided for each host and set of paths apart; restic's rules, and three of ours: a snapshot
 * with a hold stays, one that is younger than the immutability window stays, and the newest one that was verified stays
 * (the newest of all, if none was). Stateless but for the repository.
 */
public final class Retention {
    private final Repository repository;

    public Retention(Repository repository) {
        this.repository = repository;
    }

    /** How many to keep of each kind, −1 for all; and how long. A rule of 0 keeps nothing by itself. */
    public record Rules(
            int last,
            int hourly,
            int daily,
            int weekly,
            int monthly,
            int yearly,
            Period within,
            Period immutable,
            Set<String> tags) {
        public Rules {
            tags = Set.copyOf(tags);
        }

        public boolean isEmpty() {
            return last == 0
                    && hourly == 0
                    && daily == 0
                    && weekly == 0
                    && monthly == 0
                    && yearly == 0
                    && within.isZero()
                    && tags.isEmpty();
        }
    }

    /** A snapshot and why it stays; without a reason it goes. */
    public record Verdict(Snapshot snapshot, List<String> reasons) {
        public Verdict {
            reasons = List.copyOf(reasons);
        }

        public boolean stays() {
            return !reasons.isEmpty();
        }
    }

    /** Decides for all snapshots, newest first, by calendar days of {@code zone}. Without a rule everything stays. */
    public List<Verdict> decide(Rules rules, ZoneId zone) {
        return decide(rules, zone, _ -> true);
    }

    /** Decides for those snapshots that are {@code asked} for, and is silent about the others, which stay. */
    public List<Verdict> decide(Rules rules, ZoneId zone, Predicate<Snapshot> asked) {
        Set<String> verified = repository.backend().list(Area.VERIFIED).keySet();
        Map<String, String> held = holds();
        Map<List<String>, List<Snapshot>> groups = new LinkedHashMap<>();
        for (Snapshot snapshot : repository.snapshots().reversed()) {
            if (!asked.test(snapshot)) {
                continue;
            }
            List<String> group = new ArrayList<>(snapshot.paths());
            group.addFirst(snapshot.host());
            groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(snapshot);
        }
        List<Verdict> verdicts = new ArrayList<>();
        Instant now = repository.actor().clock().now();
        groups.values().forEach(group -> verdicts.addAll(decide(group, rules, zone, now, verified, held)));
        return verdicts;
    }

    /** Decides for the snapshots of one group; {@code verified} and {@code held} are by their ids. */
    public static List<Verdict> decide(
            List<Snapshot> newestFirst,
            Rules rules,
            ZoneId zone,
            Instant now,
            Set<String> verified,
            Map<String, String> held) {
        Map<Snapshot, List<String>> reasons = new LinkedHashMap<>();
        newestFirst.forEach(snapshot -> reasons.put(snapshot, new ArrayList<>()));
        if (rules.isEmpty()) {
            reasons.values().forEach(list -> list.add("there is no rule"));
        }
        keepLast(reasons, rules.last());
        keep(reasons, "hourly", rules.hourly(), zone, time -> time.toLocalDate() + "T" + time.getHour());
        keep(reasons, "daily", rules.daily(), zone, time -> time.toLocalDate().toString());
        keep(
                reasons,
                "weekly",
                rules.weekly(),
                zone,
                time -> time.get(IsoFields.WEEK_BASED_YEAR) + "W" + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        keep(reasons, "monthly", rules.monthly(), zone, time -> time.getYear() + "-" + time.getMonthValue());
        keep(reasons, "yearly", rules.yearly(), zone, time -> "" + time.getYear());
        Instant latest = newestFirst.stream()
                .map(Snapshot::time)
                .filter(time -> !time.isAfter(now))
                .findFirst()
                .orElse(now);
        reasons.forEach((snapshot, list) -> {
            if (!rules.within().isZero() && after(snapshot, latest, rules.within(), zone)) {
                list.add("within " + rules.within());
            }
            if (!rules.immutable().isZero() && after(snapshot, now, rules.immutable(), zone)) {
                list.add("immutable for " + rules.immutable());
            }
            snapshot.tags().stream().filter(rules.tags()::contains).forEach(tag -> list.add("tag " + tag));
            String hold = held.get(snapshot.id().toString());
            if (hold != null) {
                list.add("hold: " + hold);
            }
        });
        Snapshot safest = newestFirst.stream()
                .filter(snapshot -> verified.contains(snapshot.id().toString()))
                .findFirst()
                .orElse(newestFirst.getFirst());
        reasons.getOrDefault(safest, new ArrayList<>())
                .add(verified.contains(safest.id().toString()) ? "newest verified" : "newest, none is verified");
        return reasons.entrySet().stream()
                .map(entry -> new Verdict(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static boolean after(Snapshot snapshot, Instant end, Period period, ZoneId zone) {
        return snapshot.time().isAfter(end.atZone(zone).minus(period).toInstant());
    }

    private static void keepLast(Map<Snapshot, List<String>> reasons, int count) {
        int left = count;
        for (List<String> list : reasons.values()) {
            if (left-- != 0) {
                list.add("last");
            } else {
                return;
            }
        }
    }

    /** As restic does it: the newest of each bucket, and the oldest of all while some are left. */
    private static void keep(
            Map<Snapshot, List<String>> reasons,
            String word,
            int count,
            ZoneId zone,
            Function<ZonedDateTime, String> bucket) {
        int left = count;
        String before = "";
        int position = 0;
        for (Map.Entry<Snapshot, List<String>> entry : reasons.entrySet()) {
            position++;
            String now = bucket.apply(entry.getKey().time().atZone(zone));
            if (left != 0 && (!now.equals(before) || position == reasons.size())) {
                entry.getValue().add(word);
                before = now;
                left--;
            }
        }
    }

    /** Removes the snapshots that do not stay. Their data goes with the next prune. */
    public void forget(List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            if (!verdict.stays()) {
                repository.forget(verdict.snapshot());
            }
        }
    }

    /** Reasons of holds by snapshot, without those that have ended. */
    public Map<String, String> holds() {
        Map<String, String> holds = new LinkedHashMap<>();
        Instant now = repository.actor().clock().now();
        for (String snapshot : repository.backend().list(Area.HOLDS).keySet()) {
            Map<String, Object> hold = new Notes(repository).load(new FileName(Area.HOLDS, snapshot));
            Instant end = Json.instant(hold, "until");
            if (end.equals(Instant.EPOCH) || end.isAfter(now)) {
                holds.put(snapshot, Json.text(hold, "reason"));
            }
        }
        return holds;
    }

    /** Keeps a snapshot from being forgotten, until a time or for ever ({@link Instant#EPOCH}). */
    public void hold(Snapshot snapshot, String reason, Instant until) {
        Map<String, Object> hold = new LinkedHashMap<>();
        hold.put("reason", reason);
        if (!until.equals(Instant.EPOCH)) {
            hold.put("until", Json.time(until));
        }
        new Notes(repository).save(new FileName(Area.HOLDS, snapshot.id().toString()), hold);
    }

    public void release(Snapshot snapshot) {
        repository.backend().delete(new FileName(Area.HOLDS, snapshot.id().toString()));
    }
}
