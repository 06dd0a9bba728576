package io.cairn.backup.point;

import io.cairn.backup.Part;
import io.cairn.backup.SourceFault;
import io.cairn.backup.Taken;
import io.cairn.repository.Backup;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one recovery point, in the order of {@code docs/formats/recovery-point.md}: parts, then a reading of every
 * byte, then the point. A part that fails does not keep the others from being taken, but there is no point then. One
 * use, one thread.
 */
public final class RecoveryRun {
    private static final int LOG_LINES_MAX = 1000;

    private final Repository repository;
    private final RunRequest request;
    private final RunListener listener;
    private final Runs runs;
    private final List<String> log = new ArrayList<>();
    private final List<PointPart> parts = new ArrayList<>();
    private final Map<String, String> problems = new LinkedHashMap<>();
    private Trouble worst = Trouble.INCOMPLETE;

    public RecoveryRun(Repository repository, RunRequest request, RunListener listener) {
        this.repository = repository;
        this.request = request;
        this.listener = listener;
        this.runs = new Runs(repository);
    }

    /** How a run ended. Only {@code Complete} is a recovery point. */
    public sealed interface Outcome {
        RunRecord record();

        /** A point that is complete and verified. */
        record Complete(RunRecord record, RecoveryPoint point) implements Outcome {}

        /** Every part is complete; {@code cairn backup verify} makes it a point. */
        record Unverified(RunRecord record) implements Outcome {}

        /** Some part is not complete, or was read back with errors. */
        record Failed(RunRecord record, Trouble trouble) implements Outcome {}
    }

    /** What kept a run from making a point, the worst last. */
    public enum Trouble {
        /** A part was taken, without something that could not be read. */
        INCOMPLETE,
        /** A part was not taken. */
        SOURCE,
        /** A part is not what was written. */
        DAMAGED
    }

    /**
     * Runs. Faults of sources end their part; faults of the repository end the run, are noted in its record as far as
     * the repository still takes it, and thrown.
     */
    public Outcome run() {
        RunRecord record = runs.reserve(request.policy());
        step(RunListener.Step.BEGUN, "", "run " + record.id() + " begins");
        try {
            alone(record);
            List<EscrowedKey> keys = request.keys().get();
            for (Part part : request.parts()) {
                take(record, part);
                runs.save(record.with(parts, problems).with(RunRecord.State.RUNNING, record.begun(), "running", log));
            }
            if (!problems.isEmpty()) {
                return failed(record);
            }
            if (!request.verify()) {
                return new Outcome.Unverified(end(record, RunRecord.State.UNVERIFIED, "complete, not read back yet"));
            }
            return finish(record, keys);
        } catch (RepositoryFault | SourceFault fault) {
            problems.putIfAbsent("", String.valueOf(fault.getMessage()));
            noteFailure(record, fault);
            throw fault;
        }
    }

    /** Runs of one policy do not overlap: the one that began first goes on. */
    private void alone(RunRecord mine) {
        for (RunRecord other : runs.all()) {
            boolean same = !mine.policy().isEmpty() && other.policy().equals(mine.policy());
            if (same
                    && other.state() == RunRecord.State.RUNNING
                    && other.id().compareTo(mine.id()) < 0
                    && other.maker().isThere(repository.actor())) {
                throw new RepositoryFault.Locked("the run " + other.id() + " of policy " + mine.policy()
                        + " by process " + other.maker().pid() + " is under way; runs of one policy do not overlap");
            }
        }
    }

    private Outcome finish(RunRecord record, List<EscrowedKey> keys) {
        Freeze freeze = new Freeze(repository, listener, this::step);
        List<PointPart> read = freeze.verify(parts, problems);
        parts.clear();
        parts.addAll(read);
        if (!problems.isEmpty()) {
            worst = Trouble.DAMAGED;
            return failed(record);
        }
        RecoveryPoint point = freeze.write(record, parts, keys, request.tags());
        RunRecord complete = end(record, RunRecord.State.COMPLETE, "complete and verified");
        return new Outcome.Complete(complete, point);
    }

    private Outcome failed(RunRecord record) {
        String sentence =
                problems.size() == 1 ? "one part is not complete" : problems.size() + " parts are not complete";
        return new Outcome.Failed(end(record, RunRecord.State.FAILED, sentence), worst);
    }

    private RunRecord end(RunRecord record, RunRecord.State state, String sentence) {
        RunListener.Step step = switch (state) {
            case COMPLETE -> RunListener.Step.COMPLETE;
            case UNVERIFIED -> RunListener.Step.UNVERIFIED;
            case RUNNING, FAILED, COLLECTED -> RunListener.Step.FAILED;
        };
        step(step, "", "run " + record.id() + ": " + sentence);
        RunRecord ended = record.with(parts, problems).with(state, now(), sentence, log);
        runs.save(ended);
        return ended;
    }

    private void noteFailure(RunRecord record, RuntimeException fault) {
        try {
            end(record, RunRecord.State.FAILED, String.valueOf(fault.getMessage()));
        } catch (RepositoryFault unwritable) {
            // The record stays as it was: a run of a process that is no more is a partial one.
            fault.addSuppressed(unwritable);
        }
    }

    private void take(RunRecord record, Part part) {
        String name = distinct(part.name().path().substring(1));
        step(RunListener.Step.PART_BEGUN, name, name + " begins");
        List<String> tags = new ArrayList<>(request.tags());
        tags.add(PointTags.point(record.id()));
        tags.add(PointTags.part(name));
        if (!request.policy().isEmpty()) {
            tags.add(PointTags.policy(request.policy()));
        }
        try {
            Taken taken = part.take(new Backup(repository, listener, tags, request.dataClass()));
            PointPart done = PointPart.of(name, taken, snapshot(taken.result().snapshot()));
            parts.add(done);
            step(
                    RunListener.Step.PART_TAKEN,
                    name,
                    name + " has " + done.bytes() + " bytes, " + done.newBytes() + " of them new");
            incomplete(taken).ifPresent(sentence -> problem(name, sentence));
        } catch (SourceFault | RepositoryFault.Source fault) {
            worst = Trouble.SOURCE;
            problem(name, String.valueOf(fault.getMessage()));
        }
    }

    private static Optional<String> incomplete(Taken taken) {
        if (taken.result().problems() > 0) {
            return Optional.of(taken.result().problems()
                    + " files could not be read; leave them out knowingly with --exclude, or let this user read them");
        }
        return Optional.ofNullable(taken.cut().facts().get("damaged"));
    }

    private void problem(String part, String sentence) {
        problems.put(part, sentence);
        step(RunListener.Step.PART_FAILED, part, part + ": " + sentence);
    }

    /** Two sources of one kind and place are two parts. */
    private String distinct(String name) {
        String free = name;
        for (int i = 2; taken(free); i++) {
            free = name + "." + i;
        }
        return free;
    }

    private boolean taken(String name) {
        return problems.containsKey(name)
                || parts.stream().anyMatch(part -> part.name().equals(name));
    }

    private Snapshot snapshot(Id id) {
        return repository.snapshot(id.toString());
    }

    private void step(RunListener.Step step, String part, String sentence) {
        if (log.size() < LOG_LINES_MAX) {
            log.add(Json.time(now()) + " " + sentence);
        }
        listener.step(step, part, sentence);
    }

    private Instant now() {
        return repository.actor().clock().now();
    }
}
