package io.cairn.shards;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All that a drive knows of one key: the records of it that may still lie in segments, and the tombstone that rules
 * them. The newest copy is live unless a tombstone is newer.
 *
 * @param tombstone the sequence of the latest release whose tombstone is still on the drive, 0 for none
 */
record IndexRow(long tombstone, List<ShardCopy> copies) {
    static final IndexRow EMPTY = new IndexRow(0, List.of());

    private static final int COPY_BYTES = 32;

    IndexRow {
        copies = List.copyOf(copies);
    }

    boolean isEmpty() {
        return tombstone == 0 && copies.isEmpty();
    }

    /** The copy to read, if the shard is there. */
    @Nullable
    ShardCopy live() {
        ShardCopy newest = null;
        for (ShardCopy copy : copies) {
            if (copy.sequence() > tombstone && (newest == null || copy.newerThan(newest))) {
                newest = copy;
            }
        }
        return newest;
    }

    /** With one more copy, and without those whose segment is gone. */
    IndexRow with(ShardCopy added, LongPredicate segmentExists) {
        List<ShardCopy> kept = new ArrayList<>();
        for (ShardCopy copy : copies) {
            if (!copy.samePlace(added) && segmentExists.test(copy.segment())) {
                kept.add(copy);
            }
        }
        kept.add(added);
        return new IndexRow(tombstone, kept);
    }

    IndexRow released(long sequence) {
        return new IndexRow(Math.max(tombstone, sequence), copies);
    }

    /** Without the tombstone, if it is still this one, and without copies whose segment is gone. */
    IndexRow forgotten(long sequence, LongPredicate segmentExists) {
        List<ShardCopy> kept = copies.stream()
                .filter(copy -> segmentExists.test(copy.segment()))
                .toList();
        return new IndexRow(tombstone == sequence ? 0 : tombstone, kept);
    }

    /** True while a tombstone of this sequence must stay: it is the ruling one and an older record exists outside. */
    boolean needs(long sequence, LongPredicate segmentExists) {
        return tombstone == sequence
                && copies.stream().anyMatch(copy -> copy.sequence() < sequence && segmentExists.test(copy.segment()));
    }

    byte[] encode() {
        ByteBuffer value = ByteBuffer.allocate(Long.BYTES + copies.size() * COPY_BYTES);
        value.putLong(tombstone);
        for (ShardCopy copy : copies) {
            value.putLong(copy.segment());
            value.putLong(copy.offset());
            value.putInt(copy.labelLength()).putInt(copy.payloadLength());
            value.putLong(copy.sequence());
        }
        return value.array();
    }

    static IndexRow decode(byte[] encoded) {
        ByteBuffer value = ByteBuffer.wrap(encoded);
        long tombstone = value.getLong();
        List<ShardCopy> copies = new ArrayList<>(1);
        while (value.hasRemaining()) {
            copies.add(
                    new ShardCopy(value.getLong(), value.getLong(), value.getInt(), value.getInt(), value.getLong()));
        }
        return new IndexRow(tombstone, copies);
    }
}
