package io.cairn.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.base.Checks;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.CommandCodec;
import io.cairn.model.ListPage;
import io.cairn.model.ListQuery;
import io.cairn.model.MetadataView;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.OutcomeCodec;
import io.cairn.model.PartRow;
import io.cairn.model.Placement;
import io.cairn.model.ReplicatedState;
import io.cairn.model.ScrubMark;
import io.cairn.model.UploadId;
import io.cairn.model.UploadRow;
import io.cairn.model.UserRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The reference model of the metadata: sorted maps in memory, written for plainness and sharing no code with the real
 * store. Keeps every command it applied, so that a checkpoint is simply the commands. Safe for use by many threads.
 */
public final class MemoryMetadata implements ReplicatedState, MetadataView {
    private static final String CHECKPOINT = "commands";

    private final List<byte[]> history = new ArrayList<>();
    private MemoryRows rows = new MemoryRows();
    private long applied;

    @Override
    public synchronized long appliedIndex() {
        return applied;
    }

    @Override
    public synchronized List<byte[]> apply(long index, List<byte[]> commands) {
        Checks.check(index > applied, "an index above %s, not %s", applied, index);
        List<byte[]> outcomes = new ArrayList<>();
        for (byte[] command : commands) {
            history.add(command.clone());
            outcomes.add(OutcomeCodec.encode(rows.apply(CommandCodec.decode(command))));
        }
        applied = index;
        return outcomes;
    }

    @Override
    public synchronized void skip(long index) {
        applied = Math.max(applied, index);
    }

    @Override
    public synchronized long flush() {
        return applied;
    }

    @Override
    public synchronized long checkpoint(Path directory) {
        List<String> lines = new ArrayList<>(List.of(Long.toString(applied)));
        history.forEach(command -> lines.add(HexFormat.of().formatHex(command)));
        try {
            Files.write(directory.resolve(CHECKPOINT), lines);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return applied;
    }

    @Override
    public synchronized void restore(Path directory) {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(CHECKPOINT));
            rows = new MemoryRows();
            history.clear();
            applied = 0;
            List<byte[]> commands =
                    lines.stream().skip(1).map(HexFormat.of()::parseHex).toList();
            apply(Math.max(1, Long.parseLong(lines.getFirst())), commands);
            applied = Long.parseLong(lines.getFirst());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {}

    @Override
    public synchronized Optional<BucketRow> bucket(BucketName name) {
        return Optional.ofNullable(rows.buckets.get(name));
    }

    @Override
    public synchronized List<BucketRow> buckets() {
        return List.copyOf(rows.buckets.values());
    }

    @Override
    public synchronized Optional<ObjectRow> object(BucketRow bucket, ObjectKey key) {
        return Optional.ofNullable(rows.objects(bucket.id()).get(key));
    }

    @Override
    public synchronized ListPage list(BucketRow bucket, ListQuery query) {
        return new NaiveListing(query).of(rows.objects(bucket.id()).values());
    }

    @Override
    public synchronized Optional<UploadRow> upload(BucketRow bucket, ObjectKey key, UploadId id) {
        return Optional.ofNullable(rows.uploads.get(new MemoryRows.UploadKey(bucket.id(), key, id)))
                .map(MemoryRows.Upload::row);
    }

    @Override
    public synchronized List<UploadRow> uploads(
            BucketRow bucket, String prefix, String keyMarker, String idMarker, int limit) {
        return rows.uploads.entrySet().stream()
                .filter(entry -> entry.getKey().bucketId() == bucket.id())
                .filter(entry -> entry.getKey().key().value().startsWith(prefix))
                .filter(entry -> isAfter(entry.getKey(), keyMarker, idMarker))
                .limit(limit)
                .map(entry -> entry.getValue().row())
                .toList();
    }

    private static boolean isAfter(MemoryRows.UploadKey upload, String keyMarker, String idMarker) {
        int order = Arrays.compareUnsigned(upload.key().utf8(), keyMarker.getBytes(UTF_8));
        return order > 0
                || order == 0 && !idMarker.isEmpty() && upload.upload().value().compareTo(idMarker) > 0;
    }

    @Override
    public synchronized List<PartRow> parts(UploadId upload, int after, int limit) {
        return rows.uploads.entrySet().stream()
                .filter(entry -> entry.getKey().upload().equals(upload))
                .flatMap(entry -> entry.getValue().parts().values().stream())
                .filter(part -> part.number() > after)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Optional<UserRow> user(String accessKey) {
        return Optional.ofNullable(rows.users.get(accessKey));
    }

    @Override
    public synchronized List<UserRow> users() {
        NavigableMap<ObjectKey, UserRow> byBytes = new TreeMap<>();
        rows.users.forEach((accessKey, user) -> byBytes.put(new ObjectKey(accessKey), user));
        return List.copyOf(byBytes.values());
    }

    @Override
    public synchronized Optional<Placement> placement() {
        return rows.placement;
    }

    @Override
    public synchronized List<Queued> reclaims(long after, int limit) {
        return page(rows.reclaim, after, limit);
    }

    @Override
    public synchronized List<Queued> repairs(long after, int limit) {
        return page(rows.repairs, after, limit);
    }

    private static List<Queued> page(NavigableMap<Long, BlobRef> queue, long after, int limit) {
        return queue.tailMap(after, false).entrySet().stream()
                .limit(limit)
                .map(entry -> new Queued(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public synchronized Usage usage() {
        return usage(rows.objects.values().stream()
                .flatMap(bucket -> bucket.values().stream())
                .toList());
    }

    @Override
    public synchronized Usage usage(BucketRow bucket) {
        return usage(List.copyOf(rows.objects(bucket.id()).values()));
    }

    private static Usage usage(List<ObjectRow> objects) {
        return new Usage(
                objects.size(), objects.stream().mapToLong(ObjectRow::size).sum());
    }

    @Override
    public void blobs(Predicate<BlobRef> visitor) {
        for (BlobRef blob : allBlobs()) {
            if (!visitor.test(blob)) {
                return;
            }
        }
    }

    /** In the order of the blobs' names; a row is a blob here. */
    @Override
    public BlobPage blobs(String after, int limit) {
        long behind = after.isEmpty() ? -1 : Long.parseLong(after);
        List<BlobRef> left = allBlobs().stream()
                .filter(blob -> blob.id().value() > behind)
                .sorted(Comparator.comparingLong(blob -> blob.id().value()))
                .toList();
        List<BlobRef> page = left.subList(0, Math.min(limit, left.size()));
        return new BlobPage(
                page,
                page.size() == left.size()
                        ? ""
                        : Long.toString(page.getLast().id().value()));
    }

    @Override
    public synchronized Optional<ScrubMark> scrub() {
        return rows.scrub;
    }

    private synchronized List<BlobRef> allBlobs() {
        List<BlobRef> blobs = new ArrayList<>();
        rows.objects.values().forEach(bucket -> bucket.values().forEach(row -> blobs.addAll(MemoryRows.blobs(row))));
        rows.uploads.values().forEach(upload -> upload.parts().values().forEach(part -> blobs.add(part.blob())));
        return blobs;
    }
}
