package io.cairn.shards;

import io.cairn.model.ShardKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The effects of durable records on the index, gathered to be committed as one, with the sums of segments kept in step.
 * Placing and releasing may come in any order. Used by the one thread that writes or recovers.
 */
final class IndexChange {
    private final ShardIndex index;
    private final SegmentSet segments;
    private final Map<ShardKey, IndexRow> rows = new HashMap<>();
    private final Set<Segment> touched = new HashSet<>();
    private final Set<Long> removed = new HashSet<>();
    private final List<ShardCopy> freed = new ArrayList<>();

    IndexChange(ShardIndex index, SegmentSet segments) {
        this.index = index;
        this.segments = segments;
    }

    private IndexRow row(ShardKey key) {
        IndexRow pending = rows.get(key);
        return pending != null ? pending : index.row(key);
    }

    int size() {
        return rows.size();
    }

    void placed(ShardKey key, ShardCopy copy) {
        IndexRow before = row(key);
        change(key, before, before.with(copy, segments::exists));
        ShardCopy live = row(key).live();
        if (live == null || !live.samePlace(copy)) {
            free(copy);
        }
    }

    void released(ShardKey key, long sequence) {
        IndexRow before = row(key);
        change(key, before, before.released(sequence));
    }

    void forgotten(Tombstone tombstone) {
        IndexRow before = row(tombstone.key());
        change(tombstone.key(), before, before.forgotten(tombstone.sequence(), segments::exists));
    }

    /** Drops copies in segments that are gone from the row of a key. */
    void tidied(ShardKey key) {
        IndexRow before = row(key);
        change(key, before, before.forgotten(-1, segments::exists));
    }

    void touched(Segment segment) {
        touched.add(segment);
    }

    void removed(Segment segment) {
        removed.add(segment.id());
        touched.remove(segment);
    }

    private void change(ShardKey key, IndexRow before, IndexRow after) {
        rows.put(key, after);
        ShardCopy old = before.live();
        ShardCopy now = after.live();
        if (old != null && (now == null || !now.samePlace(old))) {
            count(old, -1);
            free(old);
        }
        if (now != null && (old == null || !now.samePlace(old))) {
            count(now, 1);
        }
    }

    private void count(ShardCopy copy, int sign) {
        Segment segment = segments.find(copy.segment());
        if (segment != null) {
            segment.count(copy, sign);
            touched.add(segment);
        }
    }

    private void free(ShardCopy copy) {
        Segment segment = segments.find(copy.segment());
        if (segment != null && segment.stream() == Stream.BULK) {
            freed.add(copy);
        }
    }

    void commit(ShardIndex.@Nullable Mark mark) {
        Map<Long, Optional<SegmentRow>> segmentRows = new HashMap<>();
        touched.forEach(segment -> segmentRows.put(segment.id(), Optional.of(segment.row())));
        removed.forEach(id -> segmentRows.put(id, Optional.empty()));
        index.commit(rows, segmentRows, mark == null ? index.mark() : mark);
        rows.clear();
        touched.clear();
        removed.clear();
    }

    /** Bulk records that died since this was last asked; their space may be given back now. */
    List<ShardCopy> takeFreed() {
        List<ShardCopy> taken = List.copyOf(freed);
        freed.clear();
        return taken;
    }
}
