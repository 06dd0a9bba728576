package io.cairn.backup.point;

import io.cairn.repository.Backup;
import io.cairn.repository.Notes;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.Verification;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The end of a run: every part is read back, then the point is written. One thread. */
final class Freeze {
    private static final int PERMISSIONS = 0600;
    private static final int ERRORS_SHOWN = 3;

    private final Repository repository;
    private final Progress progress;
    private final Steps steps;
    private final Runs runs;

    /** Who hears of the steps. */
    interface Steps {
        void step(RunListener.Step step, String part, String sentence);
    }

    Freeze(Repository repository, Progress progress, Steps steps) {
        this.repository = repository;
        this.progress = progress;
        this.steps = steps;
        this.runs = new Runs(repository);
    }

    /** Reads every byte of the parts; those that are not right are put among the problems. */
    List<PointPart> verify(List<PointPart> parts, Map<String, String> problems) {
        List<PointPart> read = new ArrayList<>();
        for (PointPart part : parts) {
            Verification.Result result = new Verification(repository, progress)
                    .verify(repository.snapshot(part.snapshot().toString()));
            if (result.errors().isEmpty()) {
                read.add(part.verified(repository.actor().clock().now(), result));
                steps.step(
                        RunListener.Step.PART_VERIFIED,
                        part.name(),
                        part.name() + ": " + result.bytes() + " bytes read back");
            } else {
                read.add(part);
                String sentence = "read back with errors: " + brief(result.errors());
                problems.put(part.name(), sentence);
                steps.step(RunListener.Step.PART_FAILED, part.name(), part.name() + " was " + sentence);
            }
        }
        return read;
    }

    static String brief(List<String> errors) {
        return errors.stream().limit(ERRORS_SHOWN).collect(Collectors.joining("; "))
                + (errors.size() > ERRORS_SHOWN ? "; and " + (errors.size() - ERRORS_SHOWN) + " more" : "");
    }

    /** Writes the point, and withdraws it when its parts were taken away meanwhile. */
    RecoveryPoint write(RunRecord record, List<PointPart> parts, List<EscrowedKey> keys, List<String> extraTags) {
        Map<String, String> says = new LinkedHashMap<>();
        keys.forEach(key -> says.put(key.name(), key.says()));
        Instant now = repository.actor().clock().now();
        RecoveryPoint point = new RecoveryPoint(
                record.id(), record.policy(), repository.actor().host(), record.begun(), now, parts, says);
        List<String> tags = new ArrayList<>(extraTags);
        tags.add(PointTags.point(record.id()));
        tags.add(Snapshot.POINT_TAG);
        if (!record.policy().isEmpty()) {
            tags.add(PointTags.policy(record.policy()));
        }
        String directory = Catalogue.directory(record.id());
        Backup.Result result = new Backup(repository, Progress.NONE, tags, Optional.of(DataClass.FILES))
                .tree(List.of(directory), tree -> {
                    file(tree, directory + "/point.json", now, json(point));
                    keys.forEach(key -> file(tree, directory + "/keys/" + key.name(), now, key.content()));
                });
        confirm(point, result.snapshot());
        new Notes(repository).save(new FileName(Area.POINTS, result.snapshot().toString()), point.document());
        return point;
    }

    private static byte[] json(RecoveryPoint point) {
        return (Json.write(point.document()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void file(TreeBuilder tree, String path, Instant time, byte[] content) {
        tree.file(
                path,
                TreeBuilder.Entry.at(time, PERMISSIONS),
                Optional.of(DataClass.FILES),
                content.length,
                new ByteArrayInputStream(content));
    }

    /** The collector marks a run before it looks for its point; we look for the mark after the point is there. */
    private void confirm(RecoveryPoint point, Id written) {
        Snapshot snapshot = repository.snapshot(written.toString());
        Set<Id> there = repository.snapshots().stream().map(Snapshot::id).collect(Collectors.toSet());
        boolean collected = runs.find(point.id())
                .map(run -> run.state() == RunRecord.State.COLLECTED)
                .orElse(true);
        boolean whole = point.parts().stream().allMatch(part -> there.contains(part.snapshot()));
        List<String> errors =
                new Verification(repository, Progress.NONE).verify(snapshot).errors();
        if (collected || !whole || !errors.isEmpty()) {
            repository.forget(snapshot);
            throw new RepositoryFault.Locked("the parts of run " + point.id() + " were taken away while it was under"
                    + " way, because it was not heard of for long, or its point could not be read back: there is no"
                    + " recovery point; start it again");
        }
    }
}
