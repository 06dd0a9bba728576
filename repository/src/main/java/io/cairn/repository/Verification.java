package io.cairn.repository;

import io.cairn.repository.pack.BlobType;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Reads every byte of one snapshot, and notes down whether all is right. Stateless but for the repository. */
public final class Verification {
    private static final int ERRORS_NOTED = 20;

    private final Repository repository;
    private final Progress progress;

    public Verification(Repository repository, Progress progress) {
        this.repository = repository;
        this.progress = progress;
    }

    /** What was read, and what was wrong with it. */
    public record Result(long blobs, long bytes, List<String> errors) {}

    public Result verify(Snapshot snapshot) {
        try (Lease lease = Lease.reader(repository)) {
            Repository.Loaded loaded = repository.loadIndex();
            try (CompactIndex index = loaded.index()) {
                List<String> errors = Collections.synchronizedList(new ArrayList<>());
                Map<Id, Set<PackedBlob>> packs = needed(snapshot, index, errors);
                long bytes = read(packs, errors);
                lease.check();
                long blobs = packs.values().stream().mapToLong(Set::size).sum();
                note(snapshot, bytes, errors);
                return new Result(blobs, bytes, List.copyOf(errors));
            }
        }
    }

    /** When that snapshot was last read and found right; empty when nothing is noted. */
    public static Optional<Instant> last(Repository repository, Snapshot snapshot) {
        try {
            FileName name = new FileName(Area.VERIFIED, snapshot.id().toString());
            return Optional.of(Json.instant(new Notes(repository).load(name), "time"));
        } catch (RepositoryFault.Missing none) {
            return Optional.empty();
        }
    }

    /** Notes down what was found; a snapshot that was damaged and is right again is damaged no more. */
    private void note(Snapshot snapshot, long bytes, List<String> errors) {
        Map<String, Object> note = new LinkedHashMap<>();
        note.put("time", Json.time(repository.actor().clock().now()));
        note.put("bytes", bytes);
        FileName right = new FileName(Area.VERIFIED, snapshot.id().toString());
        FileName damaged = new FileName(Area.DAMAGED, snapshot.id().toString());
        if (errors.isEmpty()) {
            new Notes(repository).save(right, note);
            repository.backend().delete(damaged);
        } else {
            note.put("errors", List.copyOf(errors.subList(0, Math.min(errors.size(), ERRORS_NOTED))));
            new Notes(repository).save(damaged, note);
        }
    }

    private Map<Id, Set<PackedBlob>> needed(Snapshot snapshot, CompactIndex index, List<String> errors) {
        Map<Id, Set<PackedBlob>> packs = new LinkedHashMap<>();
        BlobSource source = new BlobSource(repository, index);
        try {
            new Browse(source).walk(snapshot, "/", (path, node) -> {
                for (Id blob : node.content()) {
                    try {
                        CompactIndex.Place place = source.place(BlobType.DATA, blob);
                        packs.computeIfAbsent(place.pack(), _ -> new LinkedHashSet<>())
                                .add(place.blob());
                    } catch (RepositoryFault.Damaged missing) {
                        errors.add(path + ": " + missing.getMessage());
                    }
                }
            });
        } catch (RepositoryFault.Damaged | RepositoryFault.Missing broken) {
            errors.add(String.valueOf(broken.getMessage()));
        }
        return packs;
    }

    private long read(Map<Id, Set<PackedBlob>> packs, List<String> errors) {
        long bytes = 0;
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        try (Workers workers = new Workers("verify")) {
            packs.forEach((pack, blobs) -> {
                List<PackedBlob> ordered = blobs.stream()
                        .sorted(Comparator.comparingInt(PackedBlob::offset))
                        .toList();
                progress.expected(ordered.stream().mapToLong(PackedBlob::size).sum());
                waiting.add(workers.submit(4 << 20, () -> readPack(pack, ordered, errors)));
            });
            for (CompletableFuture<Long> future : waiting) {
                bytes += Workers.result(future);
            }
        }
        return bytes;
    }

    private long readPack(Id pack, List<PackedBlob> blobs, List<String> errors) {
        long[] bytes = new long[1];
        try {
            new PackRead(repository).blobs(pack, blobs, (blob, _) -> {
                bytes[0] += blob.size();
                progress.done(blob.size());
            });
        } catch (RepositoryFault.Damaged | RepositoryFault.Missing broken) {
            errors.add(broken.getMessage());
        }
        return bytes[0];
    }
}
