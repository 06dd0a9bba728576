package io.cairn.shards;

import io.cairn.model.DriveFault;
import io.cairn.model.ShardKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings back the space of dead small records: copies what is alive in a mostly dead segment, and the tombstones still
 * needed, to the open segment through the writer, and has the file deleted once that is durable. A segment in which
 * something needed cannot be read is never deleted. One thread runs it.
 */
final class Compactor {
    private static final long WINDOW_BYTES = 4L << 20;
    private static final int SMALL_SEGMENTS_MAX = 8;
    private static final int SMALL_FRACTION = 8;

    private final DriveOptions options;
    private final SegmentSet segments;
    private final ShardIndex index;
    private final Disk disk;
    private final Damage damage;
    private final DriveCounters counters;
    private final Predicate<WriteRequest> writer;

    Compactor(
            DriveOptions options,
            SegmentSet segments,
            ShardIndex index,
            Disk disk,
            Damage damage,
            DriveCounters counters,
            Predicate<WriteRequest> writer) {
        this.options = options;
        this.segments = segments;
        this.index = index;
        this.disk = disk;
        this.damage = damage;
        this.counters = counters;
        this.writer = writer;
    }

    /** The segment that pays most, if any is worth it. */
    Optional<Segment> victim() {
        List<Segment> small = segments.all().stream()
                .filter(this::eligible)
                .filter(segment -> segment.row().indexedTo() < options.packedSegmentBytes() / SMALL_FRACTION)
                .toList();
        if (small.size() > SMALL_SEGMENTS_MAX) {
            return small.stream().min(Comparator.comparingLong(Segment::id));
        }
        return segments.all().stream()
                .filter(this::eligible)
                .filter(segment -> segment.deadBytes() * 100 >= used(segment) * options.deadPercent())
                .max(Comparator.comparingDouble(segment -> (double) segment.deadBytes() / Math.max(1, used(segment))));
    }

    private boolean eligible(Segment segment) {
        return segment.sealed() && !segment.damaged() && segment.stream() == Stream.PACKED;
    }

    private static long used(Segment segment) {
        return Math.max(1, segment.row().indexedTo() - SegmentHeader.BYTES);
    }

    /** Compacts one segment; answers what its writer requests still have to bring about. */
    Task start(Segment victim) throws IOException {
        Task task = new Task(victim);
        task.collect();
        return task;
    }

    /** One segment on its way out. */
    final class Task {
        private final Segment victim;
        private final List<CompletableFuture<Void>> pending = new ArrayList<>();
        private final List<ShardKey> moved = new ArrayList<>();
        private final List<Tombstone> kept = new ArrayList<>();
        private final List<Tombstone> dropped = new ArrayList<>();
        private long windowBytes;
        private boolean readable = true;

        Task(Segment victim) {
            this.victim = victim;
        }

        /** Has every needed record copied; waits for the writer when much is under way. */
        private void collect() throws IOException {
            try (DiskFile file = disk.open(victim.name, false)) {
                long end = victim.row().indexedTo();
                SegmentScanner records =
                        new SegmentScanner(file, victim.stream(), victim.header.salt(), Math.min(end, file.size()));
                SegmentScanner content = new SegmentScanner(file, victim.stream(), victim.header.salt(), end);
                long _ = records.scan(SegmentHeader.BYTES, new SegmentScanner.Visitor() {
                    @Override
                    public void record(RecordHead head) throws IOException {
                        take(head, content);
                    }

                    @Override
                    public void damage(long from, long to) {
                        damage.range(victim.name, from, to);
                        readable = false;
                    }
                });
            }
            for (int from = 0; from < kept.size(); from += Tombstone.PER_RECORD_MAX) {
                int to = Math.min(kept.size(), from + Tombstone.PER_RECORD_MAX);
                submit(new WriteRequest.TransferTombstones(kept.subList(from, to), new CompletableFuture<>()));
            }
        }

        private void take(RecordHead head, SegmentScanner content) throws IOException {
            switch (head.kind()) {
                case SHARD -> {
                    if (isLive(head)) {
                        move(head, content.content(head));
                    }
                }
                case TOMBSTONES -> sort(content.content(head), head);
                case TRAILER -> {}
            }
        }

        private boolean isLive(RecordHead head) {
            ShardCopy live = index.row(head.key()).live();
            return live != null && live.segment() == victim.id() && live.offset() == head.offset();
        }

        private void move(RecordHead head, @Nullable ByteBuffer record) {
            if (record == null) {
                damage.shard(head.key(), victim.name, head.offset());
                readable = false;
                return;
            }
            moved.add(head.key());
            submit(new WriteRequest.Transfer(head, record, new CompletableFuture<>()));
        }

        private void sort(@Nullable ByteBuffer record, RecordHead head) {
            if (record == null) {
                readable = false;
                return;
            }
            LongPredicate elsewhere = id -> id != victim.id() && segments.exists(id);
            for (Tombstone tombstone : Tombstone.decode(record.position(head.headBytes()))) {
                IndexRow row = index.row(tombstone.key());
                (row.needs(tombstone.sequence(), elsewhere) ? kept : dropped).add(tombstone);
            }
        }

        private void submit(WriteRequest request) {
            if (!writer.test(request)) {
                throw new DriveFault(DriveFault.Kind.GONE, "the drive is being closed");
            }
            pending.add(request.done());
            windowBytes += request.bytes();
            if (windowBytes > WINDOW_BYTES) {
                await();
            }
        }

        private void await() {
            try {
                pending.forEach(CompletableFuture::join);
            } catch (CompletionException failure) {
                if (failure.getCause() instanceof DriveFault fault) {
                    throw fault;
                }
                throw failure;
            }
            pending.clear();
            windowBytes = 0;
        }

        /** True once every copy is durable. */
        boolean copied() {
            return pending.stream().allMatch(CompletableFuture::isDone);
        }

        /** After the copies are durable: has the file deleted, unless something in it could not be read. */
        Optional<WriteRequest.Retire> finish() {
            await();
            if (!readable) {
                victim.markDamaged();
                return Optional.empty();
            }
            counters.compactions.increment();
            List<ShardKey> distinct = new ArrayList<>(new HashSet<>(moved));
            return Optional.of(new WriteRequest.Retire(victim, dropped, distinct, new CompletableFuture<>()));
        }
    }
}
