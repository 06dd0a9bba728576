package io.cairn.shards;

import io.cairn.model.DriveFault;
import io.cairn.model.ShardKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a drive. It takes what is queued, appends it to the open segments, ends each touched one by a
 * trailer, syncs every touched file once, looks whether the drive is still the one it opened, commits the index and
 * only then completes the futures. A batch that did not fit is cut off again; a failed sync ends the service of the
 * drive. {@link #run} belongs to one thread.
 */
final class DriveWriter {
    private static final Logger LOG = LoggerFactory.getLogger(DriveWriter.class);

    /** What a durable record means to the index. */
    private sealed interface Effect {
        record Placed(ShardKey key, ShardCopy copy) implements Effect {}

        record Released(ShardKey key, long sequence) implements Effect {}
    }

    private final DriveOptions options;
    private final WriteQueue queue;
    private final ShardIndex index;
    private final SegmentSet segments;
    private final SegmentTail packed;
    private final SegmentTail bulk;
    private final Presence presence;
    private final Space space;
    private final Health health;
    private final DriveCounters counters;
    private final StallWatch stalls;
    private ShardIndex.Mark mark;
    private boolean punchingRefused;

    DriveWriter(
            DriveOptions options,
            WriteQueue queue,
            ShardIndex index,
            SegmentSet segments,
            SegmentTail packed,
            SegmentTail bulk,
            Presence presence,
            Space space,
            Health health,
            DriveCounters counters,
            StallWatch stalls) {
        this.options = options;
        this.queue = queue;
        this.index = index;
        this.segments = segments;
        this.packed = packed;
        this.bulk = bulk;
        this.presence = presence;
        this.space = space;
        this.health = health;
        this.counters = counters;
        this.stalls = stalls;
        this.mark = index.mark();
    }

    /** Writes until the queue is closed and empty. */
    void run() {
        while (true) {
            List<WriteRequest> batch = queue.take(options.batchBytesMax(), options.batchRecordsMax());
            if (batch.isEmpty()) {
                return;
            }
            process(batch);
        }
    }

    /** Writes one batch of what is queued now; false when nothing was. */
    boolean step() {
        List<WriteRequest> batch = queue.poll(options.batchBytesMax(), options.batchRecordsMax());
        if (batch.isEmpty()) {
            return false;
        }
        process(batch);
        return true;
    }

    private void process(List<WriteRequest> batch) {
        stalls.batchBegins(batch);
        try {
            handle(batch);
        } finally {
            stalls.batchEnds();
        }
    }

    private void handle(List<WriteRequest> batch) {
        DriveFault fatal = health.fatal();
        if (fatal != null) {
            fail(batch, fatal);
            return;
        }
        try {
            List<WriteRequest> admitted = admit(batch);
            if (!admitted.isEmpty()) {
                write(admitted);
                admitted.forEach(request -> request.done().complete(null));
            }
        } catch (DriveFault fault) {
            fail(batch, health.report(fault));
        } catch (NoSpaceException full) {
            retryWithoutAppends(batch, full);
        } catch (RuntimeException defect) {
            fail(
                    batch,
                    health.report(new DriveFault(DriveFault.Kind.BROKEN, "the writer of the drive failed", defect)));
        }
    }

    /** Refuses appends while the drive is full; releases and what compaction moves go on, from the reserve. */
    private List<WriteRequest> admit(List<WriteRequest> batch) {
        long appended = 0;
        for (WriteRequest request : batch) {
            appended += request instanceof WriteRequest.Append ? request.bytes() : 0;
        }
        if (appended == 0 || (!health.isFull() && space.hasRoomFor(appended))) {
            return batch;
        }
        // A directory that is gone has no room either, and that is the greater trouble.
        presence.check(DriveLayout.IDENTITY);
        DriveFault full = health.report(space.full(appended));
        return refuseAppends(batch, full);
    }

    private static List<WriteRequest> refuseAppends(List<WriteRequest> batch, DriveFault full) {
        List<WriteRequest> others = new ArrayList<>();
        for (WriteRequest request : batch) {
            if (request instanceof WriteRequest.Append) {
                request.done().completeExceptionally(full);
            } else {
                others.add(request);
            }
        }
        return others;
    }

    private void retryWithoutAppends(List<WriteRequest> batch, NoSpaceException cause) {
        DriveFault full =
                health.report(new DriveFault(DriveFault.Kind.FULL, "the file system of the drive is full", cause));
        List<WriteRequest> others = refuseAppends(batch, full);
        if (others.isEmpty()) {
            return;
        }
        try {
            space.giveUpReserve();
            write(others);
            others.forEach(request -> request.done().complete(null));
        } catch (NoSpaceException stillFull) {
            fail(others, full);
        } catch (DriveFault fault) {
            fail(others, health.report(fault));
        }
    }

    private static void fail(List<WriteRequest> batch, DriveFault fault) {
        batch.forEach(request -> request.done().completeExceptionally(fault));
    }

    private void write(List<WriteRequest> batch) throws NoSpaceException {
        List<Effect> effects = new ArrayList<>(batch.size());
        List<SegmentTail.Part> parts = new ArrayList<>();
        long number = mark.batch();
        try {
            stage(batch, effects);
            parts.addAll(packed.finish());
            parts.addAll(bulk.finish());
        } catch (IOException failure) {
            rollBack(failure);
        }
        sync(parts);
        mark = new ShardIndex.Mark(number + 1, mark.sequence());
        commit(batch, effects, parts, number);
    }

    private void stage(List<WriteRequest> batch, List<Effect> effects) throws IOException {
        long number = mark.batch();
        packed.begin(number, mark.sequence());
        bulk.begin(number, mark.sequence());
        Set<ShardKey> placed = new HashSet<>();
        for (WriteRequest request : batch) {
            switch (request) {
                case WriteRequest.Append append -> {
                    placed.add(append.shard().key());
                    effects.add(stage(append, number));
                }
                case WriteRequest.Release release -> stage(release, placed, effects, number);
                case WriteRequest.Transfer transfer -> effects.add(stage(transfer, number));
                case WriteRequest.TransferTombstones transfer -> {
                    stageTombstones(transfer.tombstones(), nextSequence(), number);
                    packed.hold(transfer.bytes());
                }
                case WriteRequest.Retire _ -> {}
            }
        }
    }

    private long nextSequence() {
        long sequence = mark.sequence();
        mark = new ShardIndex.Mark(mark.batch(), sequence + 1);
        return sequence;
    }

    private Effect stage(WriteRequest.Append append, long number) throws IOException {
        var shard = append.shard();
        SegmentTail tail = tailFor(shard.length());
        long at = tail.place(RecordHead.storedBytes(streamFor(shard.length()), shard.label().length, shard.length()));
        long sequence = nextSequence();
        RecordHead head = RecordHead.shard(at, number, sequence, shard.key(), shard.label().length, shard.length());
        tail.put(head, append.table(), shard.label(), shard.payload(), shard.offset(), shard.length());
        return new Effect.Placed(
                shard.key(), new ShardCopy(tail.segmentId(), at, head.labelLength(), head.payloadLength(), sequence));
    }

    private Effect stage(WriteRequest.Transfer transfer, long number) throws IOException {
        RecordHead old = transfer.head();
        SegmentTail tail = tailFor(old.payloadLength());
        long at = tail.place(old.storedBytes(streamFor(old.payloadLength())));
        RecordHead head =
                RecordHead.shard(at, number, old.sequence(), old.key(), old.labelLength(), old.payloadLength());
        byte[] record = transfer.record().array();
        int[] table = new int[1 + RecordHead.blocks(old.payloadLength())];
        for (int entry = 0; entry < table.length; entry++) {
            table[entry] = RecordHead.tableEntry(transfer.record(), 0, entry);
        }
        byte[] label = java.util.Arrays.copyOfRange(record, old.headBytes(), old.headBytes() + old.labelLength());
        tail.put(head, table, label, record, old.headBytes() + old.labelLength(), old.payloadLength());
        return new Effect.Placed(
                old.key(),
                new ShardCopy(tail.segmentId(), at, head.labelLength(), head.payloadLength(), old.sequence()));
    }

    private SegmentTail tailFor(int payloadLength) {
        return streamFor(payloadLength) == Stream.PACKED ? packed : bulk;
    }

    private Stream streamFor(int payloadLength) {
        return payloadLength < options.bulkRecordBytes() ? Stream.PACKED : Stream.BULK;
    }

    private void stage(WriteRequest.Release release, Set<ShardKey> placed, List<Effect> effects, long number)
            throws IOException {
        List<Tombstone> tombstones = new ArrayList<>();
        long sequence = nextSequence();
        for (ShardKey key : release.keys()) {
            if (placed.contains(key) || index.row(key).live() != null) {
                tombstones.add(new Tombstone(key, sequence));
                effects.add(new Effect.Released(key, sequence));
            }
        }
        stageTombstones(tombstones, sequence, number);
    }

    private void stageTombstones(List<Tombstone> tombstones, long sequence, long number) throws IOException {
        for (int from = 0; from < tombstones.size(); from += Tombstone.PER_RECORD_MAX) {
            int to = Math.min(tombstones.size(), from + Tombstone.PER_RECORD_MAX);
            byte[] payload = Tombstone.encode(tombstones.subList(from, to));
            byte[] label = {};
            long at = packed.place(RecordHead.storedBytes(Stream.PACKED, 0, payload.length));
            packed.put(
                    RecordHead.tombstones(at, number, sequence, payload.length),
                    RecordHead.table(label, payload, 0, payload.length),
                    label,
                    payload,
                    0,
                    payload.length);
        }
    }

    /** Always throws: the batch could not be written. Cuts off what was, so that nothing of it is ever found. */
    private void rollBack(IOException failure) throws NoSpaceException {
        DriveFault.Kind kind = presence.kindOf(failure);
        if (kind == DriveFault.Kind.FULL) {
            try {
                packed.rollBack();
                bulk.rollBack();
            } catch (IOException second) {
                failure.addSuppressed(second);
                throw new DriveFault(DriveFault.Kind.BROKEN, "a batch could not be written, nor taken back", failure);
            }
            throw new NoSpaceException(failure);
        }
        throw new DriveFault(kind, "the drive failed to write: " + failure.getMessage(), failure);
    }

    private void sync(List<SegmentTail.Part> parts) {
        long start = counters.nanos();
        Set<DiskFile> synced = new HashSet<>();
        for (SegmentTail.Part part : parts) {
            try {
                if (synced.add(part.file())) {
                    part.file().force();
                    counters.synced();
                }
            } catch (IOException failure) {
                DriveFault.Kind kind = presence.kindOf(failure);
                throw new DriveFault(
                        kind == DriveFault.Kind.FULL ? DriveFault.Kind.BROKEN : kind,
                        "sync of " + part.segment().name + " failed: " + failure.getMessage(),
                        failure);
            }
        }
        for (SegmentTail.Part part : parts) {
            presence.check(part.segment().name);
        }
        counters.syncTook(counters.nanos() - start);
    }

    private void commit(List<WriteRequest> batch, List<Effect> effects, List<SegmentTail.Part> parts, long number) {
        IndexChange change = new IndexChange(index, segments);
        for (SegmentTail.Part part : parts) {
            part.segment().indexed(part.to(), number);
            change.touched(part.segment());
            counters.wrote(part.to() - part.from());
        }
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Placed(var key, var copy) -> change.placed(key, copy);
                case Effect.Released(var key, var sequence) -> change.released(key, sequence);
            }
        }
        for (WriteRequest request : batch) {
            if (request instanceof WriteRequest.Retire retire) {
                retire(retire, change);
            }
        }
        change.commit(mark);
        counters.batch(batch.size());
        try {
            packed.closeLeft();
            bulk.closeLeft();
        } catch (IOException failure) {
            LOG.warn("a full segment could not be closed", failure);
        }
        reclaim(change);
    }

    private void retire(WriteRequest.Retire request, IndexChange change) {
        Segment segment = request.segment();
        if (segment.row().liveShards() > 0) {
            request.done().completeExceptionally(new IllegalStateException(segment.name + " still has live shards"));
            return;
        }
        delete(segment, change);
        request.dropped().forEach(change::forgotten);
        for (ShardKey moved : request.moved()) {
            change.tidied(moved);
        }
    }

    private void delete(Segment segment, IndexChange change) {
        try {
            // The index on disk must not be older than the records whose end the file's end implies.
            index.flush();
            segments.delete(segment);
            change.removed(segment);
            counters.reclaimed(segment.row().indexedTo() - segment.row().punchedBytes());
        } catch (IOException failure) {
            throw new DriveFault(
                    presence.kindOf(failure), segment.name + " could not be deleted: " + failure.getMessage(), failure);
        }
    }

    /** Gives the space of dead bulk records back, and deletes bulk segments that are empty. */
    private void reclaim(IndexChange change) {
        Set<Segment> punched = new HashSet<>();
        for (ShardCopy copy : change.takeFreed()) {
            Segment segment = segments.find(copy.segment());
            if (segment != null) {
                punch(segment, copy);
                punched.add(segment);
            }
        }
        if (punched.isEmpty()) {
            return;
        }
        for (Segment segment : punched) {
            if (segment.sealed() && segment.row().liveShards() == 0 && !segment.damaged()) {
                delete(segment, change);
            } else {
                change.touched(segment);
            }
        }
        change.commit(mark);
    }

    private void punch(Segment segment, ShardCopy copy) {
        long bytes = RecordHead.storedBytes(Stream.BULK, copy.labelLength(), copy.payloadLength());
        if (punchingRefused) {
            return;
        }
        try {
            segments.punch(segment, copy.offset(), bytes);
            segment.punched(bytes);
            counters.reclaimed(bytes);
        } catch (IOException refused) {
            punchingRefused = true;
            LOG.warn("holes cannot be punched on this drive; space returns when whole segments are empty", refused);
        }
    }

    /** Gives back space that recovery found dead. Before the thread is started. */
    void reclaimRecovered(IndexChange change) {
        reclaim(change);
    }

    /** Ends the last batch by proof that it was synced, and closes the segments. After the queue has been drained. */
    void finish() throws IOException {
        if (health.fatal() != null) {
            packed.abandon();
            bulk.abandon();
            return;
        }
        packed.begin(mark.batch(), mark.sequence());
        bulk.begin(mark.batch(), mark.sequence());
        List<SegmentTail.Part> parts = new ArrayList<>(packed.finishEmpty());
        parts.addAll(bulk.finishEmpty());
        mark = new ShardIndex.Mark(mark.batch() + 1, mark.sequence() + 1);
        sync(parts);
        commit(List.of(), List.of(), parts, mark.batch() - 1);
        packed.close();
        bulk.close();
    }
}
