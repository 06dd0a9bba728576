package io.cairn.shards;

import io.cairn.model.ShardKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The damage seen on a drive: ranges of segments that hold no valid record, and shards whose content is wrong. Kept in
 * memory up to a bound and appended to {@code quarantine/damage.log}; the bytes themselves stay where they are, as
 * evidence. Safe for use by many threads.
 */
final class Damage {
    /** A range of bytes of a segment. */
    record Range(String segment, long from, long to) {}

    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
    private static final int REMEMBERED_MAX = 100_000;

    private final Disk disk;
    private final Set<Range> ranges = new LinkedHashSet<>();
    private final Set<ShardKey> shards = new LinkedHashSet<>();

    Damage(Disk disk) {
        this.disk = disk;
    }

    synchronized void range(String segment, long from, long to) {
        if (ranges.size() < REMEMBERED_MAX && ranges.add(new Range(segment, from, to))) {
            write("range " + segment + " " + from + " " + to + "\n");
        }
    }

    synchronized void shard(ShardKey key, String segment, long offset) {
        if (shards.size() < REMEMBERED_MAX && shards.add(key)) {
            write("shard " + key + " in " + segment + " at " + offset + "\n");
        }
    }

    /** A shard written anew is whole again. */
    synchronized void healed(ShardKey key) {
        shards.remove(key);
    }

    synchronized boolean isDamaged(ShardKey key) {
        return shards.contains(key);
    }

    synchronized long count() {
        return (long) ranges.size() + shards.size();
    }

    synchronized List<Range> ranges() {
        return new ArrayList<>(ranges);
    }

    /** A report, not a promise: damage is found again by the next scan, so the line is not synced. */
    private void write(String line) {
        LOG.warn("damage: {}", line.stripTrailing());
        boolean exists = disk.exists(DriveLayout.DAMAGE);
        try (DiskFile file = exists ? disk.open(DriveLayout.DAMAGE, true) : disk.create(DriveLayout.DAMAGE)) {
            file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), file.size());
        } catch (IOException failure) {
            LOG.warn("damage cannot be written down", failure);
        }
    }
}
