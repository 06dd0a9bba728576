package io.cairn.shards;

import io.cairn.model.DriveId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the index up to the segments when a drive is opened: reads every segment from where the index stands, past
 * damage. A batch is proven to have been synced by a later one of the same opening of the drive, since the writer
 * begins a batch only after the one before is durable. Records of a proven batch count whatever their content; what
 * cannot be read there is damage. In the last, unproven batch of an opening only whole and intact records count, and
 * anything else is the rest of a write that was cut short. Everything taken over is synced before it is shown. Used by
 * one thread, once.
 */
final class Recovery {
    private static final int COMMIT_ROWS = 4096;

    private final Disk disk;
    private final DriveId drive;
    private final ShardIndex index;
    private final SegmentSet segments;
    private final Damage damage;
    private final IndexChange change;
    private final Map<Long, Long> lastBatchOfSession = new HashMap<>();
    private final List<Tail> tails = new ArrayList<>();
    private ShardIndex.Mark mark;

    /** The last batch found in a segment, whose proof may be in another one. */
    private record Tail(Segment segment, List<RecordHead> heads, List<Damage.Range> ranges) {}

    Recovery(Disk disk, DriveId drive, ShardIndex index, SegmentSet segments, Damage damage) {
        this.disk = disk;
        this.drive = drive;
        this.index = index;
        this.segments = segments;
        this.damage = damage;
        this.change = new IndexChange(index, segments);
        this.mark = index.mark();
    }

    /** Answers the change by which dead bulk records were found, for their space to be given back. */
    IndexChange run() throws IOException {
        Map<Long, SegmentRow> known = index.segments();
        for (String fileName : disk.list(DriveLayout.SEGMENTS)) {
            for (Stream stream : Stream.values()) {
                OptionalLong id = SegmentHeader.idOf(fileName, stream);
                if (id.isPresent()) {
                    open(fileName, stream, id.getAsLong(), known.get(id.getAsLong()));
                }
            }
        }
        forgetMissing(known.keySet());
        for (Segment segment : List.copyOf(segments.all())) {
            replay(segment);
        }
        for (Tail tail : tails) {
            judge(tail);
        }
        change.commit(mark);
        disk.syncDirectory(DriveLayout.SEGMENTS);
        return change;
    }

    private void open(String fileName, Stream stream, long id, @Nullable SegmentRow known) throws IOException {
        segments.noteId(id);
        String name = DriveLayout.SEGMENTS + "/" + fileName;
        Optional<SegmentHeader> found;
        try (DiskFile file = disk.open(name, false)) {
            found = header(file, stream, id);
            if (found.isEmpty() && known == null && blank(file)) {
                // Its creation was cut short before it was ever used.
                file.close();
                disk.delete(name);
                return;
            }
        }
        if (found.isEmpty()
                || found.get().id() != id
                || found.get().stream() != stream
                || !found.get().drive().equals(drive.value())) {
            damage.range(name, 0, SegmentHeader.BYTES);
            return;
        }
        segments.add(new Segment(disk, found.get(), known == null ? SegmentRow.NEW : known, true));
    }

    private Optional<SegmentHeader> header(DiskFile file, Stream stream, long id) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
        int count = file.read(block, 0);
        Optional<SegmentHeader> header = SegmentHeader.decode(block.position(0).limit(count));
        return header.isPresent() ? header : LostHeader.find(file, stream, id, drive);
    }

    private static boolean blank(DiskFile file) throws IOException {
        long size = file.size();
        ByteBuffer window = ByteBuffer.allocate(1 << 16);
        for (long at = Math.min(size, SegmentHeader.BYTES); at < size; at += window.capacity()) {
            int count = file.read(window.clear(), at);
            for (int i = 0; i < count; i++) {
                if (window.get(i) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void forgetMissing(Set<Long> known) {
        Set<Long> missing = new HashSet<>(known);
        segments.all().forEach(segment -> missing.remove(segment.id()));
        Map<Long, Optional<SegmentRow>> removed = new HashMap<>();
        missing.forEach(id -> removed.put(id, Optional.empty()));
        index.commit(Map.of(), removed, mark);
    }

    private void replay(Segment segment) throws IOException {
        SegmentRow row = segment.row();
        note(segment, row.lastBatch());
        try (DiskFile file = disk.open(segment.name, true)) {
            long size = file.size();
            if (size <= row.indexedTo()) {
                return;
            }
            file.force();
            file.dropCache();
            Replay replay = new Replay(segment, file, size);
            SegmentScanner scanner = new SegmentScanner(file, segment.stream(), segment.header.salt(), size);
            long end = scanner.scan(row.indexedTo(), replay);
            replay.finish();
            boolean clean = replay.damagedTo <= end;
            if (clean && end == SegmentHeader.BYTES) {
                disk.delete(segment.name);
                segments.forget(segment);
                return;
            }
            segment.indexed(clean ? end : size, replay.lastBatch);
            change.touched(segment);
            if (clean && end < size) {
                file.truncate(end);
            }
        }
    }

    private void note(Segment segment, long batch) {
        lastBatchOfSession.merge(segment.header.session(), batch, Math::max);
        mark = mark.max(new ShardIndex.Mark(batch + 1, 0));
    }

    /** What of a segment is being read: the records of one batch are held back until a later one proves it. */
    private final class Replay implements SegmentScanner.Visitor {
        private final Segment segment;
        private final DiskFile file;
        private final long size;
        private List<RecordHead> heads = new ArrayList<>();
        private List<Damage.Range> ranges = new ArrayList<>();
        private long lastBatch;
        private long damagedTo;

        Replay(Segment segment, DiskFile file, long size) {
            this.segment = segment;
            this.file = file;
            this.size = size;
        }

        @Override
        public void record(RecordHead head) throws IOException {
            if (head.batch() != lastBatch) {
                prove();
                lastBatch = head.batch();
                note(segment, lastBatch);
            }
            heads.add(head);
            mark = mark.max(new ShardIndex.Mark(head.batch() + 1, head.sequence() + 1));
        }

        @Override
        public void damage(long from, long to) {
            ranges.add(new Damage.Range(segment.name, from, to));
            damagedTo = to;
        }

        private void prove() throws IOException {
            // A broken range right behind a trailer may belong to the batch that begins here, which is not proven yet.
            boolean complete = heads.isEmpty() || heads.getLast().kind() == RecordKind.TRAILER;
            List<Damage.Range> undecided = new ArrayList<>();
            for (Damage.Range range : ranges) {
                if (complete
                        && (heads.isEmpty() || range.from() > heads.getLast().offset())) {
                    undecided.add(range);
                } else {
                    damage.range(range.segment(), range.from(), range.to());
                }
            }
            SegmentScanner reader = new SegmentScanner(file, segment.stream(), segment.header.salt(), size);
            for (RecordHead head : heads) {
                accept(segment, head, reader);
            }
            heads = new ArrayList<>();
            ranges = undecided;
            if (change.size() > COMMIT_ROWS) {
                change.commit(mark);
            }
        }

        void finish() {
            tails.add(new Tail(segment, heads, ranges));
        }
    }

    private void judge(Tail tail) throws IOException {
        Segment segment = tail.segment();
        if (!segments.exists(segment.id())) {
            return;
        }
        long batch = tail.heads().isEmpty() ? 0 : tail.heads().getLast().batch();
        boolean proven = batch < lastBatchOfSession.getOrDefault(segment.header.session(), 0L);
        try (DiskFile file = disk.open(segment.name, false)) {
            SegmentScanner reader = new SegmentScanner(file, segment.stream(), segment.header.salt(), file.size());
            for (RecordHead head : tail.heads()) {
                if (proven || reader.intact(head)) {
                    accept(segment, head, reader);
                }
            }
        }
        boolean cutShort = !tail.heads().isEmpty() && tail.heads().getLast().kind() != RecordKind.TRAILER;
        if (proven && cutShort) {
            // Behind a trailer the range may be of a later batch that was never proven: then it is no damage.
            tail.ranges().forEach(range -> damage.range(range.segment(), range.from(), range.to()));
        }
    }

    private void accept(Segment segment, RecordHead head, SegmentScanner reader) throws IOException {
        switch (head.kind()) {
            case SHARD ->
                change.placed(
                        head.key(),
                        new ShardCopy(
                                segment.id(),
                                head.offset(),
                                head.labelLength(),
                                head.payloadLength(),
                                head.sequence()));
            case TOMBSTONES -> {
                ByteBuffer record = reader.content(head);
                if (record == null) {
                    damage.range(segment.name, head.offset(), head.offset() + head.storedBytes(segment.stream()));
                } else {
                    ByteBuffer payload = record.position(head.headBytes());
                    for (Tombstone tombstone : Tombstone.decode(payload)) {
                        change.released(tombstone.key(), tombstone.sequence());
                        mark = mark.max(new ShardIndex.Mark(0, tombstone.sequence() + 1));
                    }
                }
            }
            case TRAILER -> {}
        }
    }
}
