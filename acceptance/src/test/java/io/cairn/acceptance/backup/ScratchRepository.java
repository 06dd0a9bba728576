package io.cairn.acceptance.backup;

import io.cairn.backup.Cut;
import io.cairn.backup.Source;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.LocalDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A repository of one test, and the taking of copies into it. One thread. */
final class ScratchRepository {
    static final byte[] PASSWORD = "of a test".getBytes(StandardCharsets.UTF_8);

    private final Repository repository;

    ScratchRepository(Path directory) {
        repository = Repository.create(
                new LocalDirectory(directory, Entropy.secure()),
                PASSWORD,
                Actor.thisProcess(Clock.system(), Entropy.secure()));
    }

    /** A snapshot and what its source says of it. */
    record Taken(String snapshot, Cut cut, Backup.Result result) {}

    /** Takes a copy of the source, and closes it. */
    Taken take(Source source) {
        return take(source, Progress.NONE);
    }

    Taken take(Source source, Progress progress) {
        try (source) {
            AtomicReference<Cut> cut = new AtomicReference<>();
            Backup.Result result = new Backup(repository, progress, List.of(), Optional.empty())
                    .tree(source.name().paths(), tree -> cut.set(source.store(tree)));
            return new Taken(result.snapshot().toString(), cut.get(), result);
        }
    }

    int snapshots() {
        return repository.snapshots().size();
    }

    /** Writes one file of a snapshot to a path. */
    void restore(String snapshot, String path, Path target) {
        try (SnapshotReader reader = SnapshotReader.open(repository);
                OutputStream out = Files.newOutputStream(target)) {
            long _ = reader.restore(Progress.NONE).stream(repository.snapshot(snapshot), path, out);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
