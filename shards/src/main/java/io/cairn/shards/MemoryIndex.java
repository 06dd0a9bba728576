package io.cairn.shards;

import io.cairn.model.ShardKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An index on the heap, empty at first; for tests and simulations, where it is rebuilt at every opening. Safe for many
 * threads.
 */
final class MemoryIndex implements ShardIndex {
    private final Map<ShardKey, IndexRow> rows = new ConcurrentHashMap<>();
    private final Map<Long, SegmentRow> segments = new ConcurrentHashMap<>();
    private volatile Mark mark = Mark.START;

    @Override
    public IndexRow row(ShardKey key) {
        return rows.getOrDefault(key, IndexRow.EMPTY);
    }

    @Override
    public Map<Long, SegmentRow> segments() {
        return Map.copyOf(segments);
    }

    @Override
    public Mark mark() {
        return mark;
    }

    @Override
    public void commit(Map<ShardKey, IndexRow> changed, Map<Long, Optional<SegmentRow>> changedSegments, Mark next) {
        changed.forEach((key, row) -> {
            if (row.isEmpty()) {
                rows.remove(key);
            } else {
                rows.put(key, row);
            }
        });
        changedSegments.forEach((id, row) -> {
            if (row.isPresent()) {
                segments.put(id, row.get());
            } else {
                segments.remove(id);
            }
        });
        mark = next;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
