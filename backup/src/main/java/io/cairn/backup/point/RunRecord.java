package io.cairn.backup.point;

import io.cairn.repository.Actor;
import io.cairn.repository.store.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is noted of one run: who makes it, how it went, its parts so far, and its log. */
public record RunRecord(
        PointId id,
        String policy,
        State state,
        Maker maker,
        Instant begun,
        Optional<Instant> ended,
        String sentence,
        List<PointPart> parts,
        Map<String, String> problems,
        List<String> log) {
    /** How far a run is. */
    public enum State {
        RUNNING,
        FAILED,
        /** All parts are complete; nobody has read them back yet. */
        UNVERIFIED,
        COMPLETE,
        /** Its parts are being removed, or were. */
        COLLECTED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The process that makes a run, so that it can be proven dead. */
    public record Maker(String host, long pid, String boot, long started) {
        static Maker of(Actor actor) {
            return new Maker(actor.host(), actor.pid(), actor.boot(), actor.started());
        }

        /** True only when that process surely is no more: same machine, and another boot or no such process. */
        boolean isDead(Actor here, boolean alive) {
            return host.equals(here.host())
                    && !boot.isEmpty()
                    && !here.boot().isEmpty()
                    && (!boot.equals(here.boot()) && sameNamespace(here) || boot.equals(here.boot()) && !alive);
        }

        /** True when that process can be seen from here, still running. */
        boolean isThere(Actor here) {
            return host.equals(here.host()) && boot.equals(here.boot()) && Actor.isThere(pid, started);
        }

        /** Another process namespace of the same boot is a container, whose processes cannot be seen from here. */
        private boolean sameNamespace(Actor here) {
            String[] mine = here.boot().split(":", 2);
            String[] its = boot.split(":", 2);
            return !mine[0].equals(its[0]);
        }
    }

    public RunRecord {
        parts = List.copyOf(parts);
        problems = Map.copyOf(problems);
        log = List.copyOf(log);
    }

    RunRecord with(State newState, Instant time, String newSentence, List<String> newLog) {
        return new RunRecord(
                id,
                policy,
                newState,
                maker,
                begun,
                newState == State.RUNNING ? Optional.empty() : Optional.of(time),
                newSentence,
                parts,
                problems,
                newLog);
    }

    RunRecord with(List<PointPart> newParts, Map<String, String> newProblems) {
        return new RunRecord(id, policy, state, maker, begun, ended, sentence, newParts, newProblems, log);
    }

    public Map<String, Object> document() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", 1L);
        fields.put("id", id.text());
        fields.put("policy", policy);
        fields.put("host", maker.host());
        fields.put("pid", maker.pid());
        fields.put("boot", maker.boot());
        fields.put("started", maker.started());
        fields.put("begun", Json.time(begun));
        ended.ifPresent(time -> fields.put("ended", Json.time(time)));
        fields.put("state", state.word());
        fields.put("sentence", sentence);
        fields.put("parts", parts.stream().map(PointPart::document).toList());
        fields.put("problems", problems);
        fields.put("log", log);
        return fields;
    }

    static RunRecord parse(PointId id, Map<String, Object> fields) {
        String word = Json.text(fields, "state").toUpperCase(Locale.ROOT);
        State state = java.util.Arrays.stream(State.values())
                .filter(known -> known.name().equals(word))
                .findFirst()
                .orElse(State.FAILED);
        List<PointPart> parts = fields.get("parts") instanceof List<?> list
                ? list.stream().map(part -> PointPart.parse(part, "run " + id)).toList()
                : List.of();
        Map<String, String> problems = new LinkedHashMap<>();
        if (fields.get("problems") instanceof Map<?, ?> said) {
            said.forEach((name, value) -> problems.put(String.valueOf(name), String.valueOf(value)));
        }
        return new RunRecord(
                id,
                Json.text(fields, "policy"),
                state,
                new Maker(
                        Json.text(fields, "host"),
                        Json.number(fields, "pid"),
                        Json.text(fields, "boot"),
                        Json.number(fields, "started")),
                Json.instant(fields, "begun"),
                fields.containsKey("ended") ? Optional.of(Json.instant(fields, "ended")) : Optional.empty(),
                Json.text(fields, "sentence"),
                parts,
                problems,
                Json.texts(fields, "log"));
    }
}
