package io.cairn.shards;

import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.ShardKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads shards and verifies every byte that it gives out. It takes no locks against the writer: when a read does not
 * verify, it looks again where the shard is. If the shard has been released or moved meanwhile, that explains it; only
 * bytes that are wrong where the index still points are damage. Safe for use by many threads.
 */
final class ShardReader {
    /** Reads of up to this length fetch head and payload in one call. */
    private static final int SINGLE_READ_BYTES = 2 * RecordHead.BLOCK_BYTES;

    private final DriveId drive;
    private final ShardIndex index;
    private final SegmentSet segments;
    private final Damage damage;
    private final Presence presence;
    private final DriveCounters counters;

    ShardReader(
            DriveId drive,
            ShardIndex index,
            SegmentSet segments,
            Damage damage,
            Presence presence,
            DriveCounters counters) {
        this.drive = drive;
        this.index = index;
        this.segments = segments;
        this.damage = damage;
        this.presence = presence;
        this.counters = counters;
    }

    /** One attempt on one copy; throws {@link Mismatch} when the bytes there are not what they should be. */
    @FunctionalInterface
    private interface Attempt {
        void on(Segment segment, ShardCopy copy) throws IOException, Mismatch;
    }

    /** Bytes that do not verify, for a reason that is not known yet. */
    private static final class Mismatch extends Exception {
        Mismatch(String what) {
            super(what, null, false, false);
        }
    }

    boolean read(ShardKey key, int offset, ByteBuffer target) {
        int start = target.position();
        int length = target.remaining();
        return attempt(key, (segment, copy) -> {
            target.position(start);
            int _ = java.util.Objects.checkFromIndexSize(offset, length, copy.payloadLength());
            if (copy.payloadLength() <= SINGLE_READ_BYTES) {
                readSmall(key, segment, copy, offset, target);
            } else {
                readLarge(key, segment, copy, offset, target);
            }
        });
    }

    boolean verify(ShardKey key) {
        return attempt(key, (segment, copy) -> {
            byte[] _ = label(key, segment, copy);
            int blocks = RecordHead.blocks(copy.payloadLength());
            ByteBuffer head = head(key, segment, copy);
            ByteBuffer block = ByteBuffer.allocate(Math.min(RecordHead.BLOCK_BYTES, copy.payloadLength()));
            for (int number = 0; number < blocks; number++) {
                readBlock(segment, copy, head, number, block.clear());
            }
        });
    }

    /** The verified label of a shard, or empty when the shard is not there. */
    Optional<byte[]> label(ShardKey key) {
        byte[][] found = new byte[1][];
        boolean there = attempt(key, (segment, copy) -> found[0] = label(key, segment, copy));
        return there ? Optional.of(found[0]) : Optional.empty();
    }

    private boolean attempt(ShardKey key, Attempt attempt) {
        ShardCopy copy = index.row(key).live();
        while (copy != null) {
            Segment segment = segments.find(copy.segment());
            String what = "its segment is missing";
            IOException failure = null;
            if (segment != null) {
                try {
                    attempt.on(segment, copy);
                    return true;
                } catch (Mismatch mismatch) {
                    what = mismatch.getMessage();
                } catch (IOException unreadable) {
                    failure = unreadable;
                }
            }
            ShardCopy now = index.row(key).live();
            if (now != null && now.equals(copy)) {
                throw fault(key, copy, what, failure);
            }
            copy = now;
        }
        return false;
    }

    private RuntimeException fault(ShardKey key, ShardCopy copy, @Nullable String what, @Nullable IOException failure) {
        String where = "shard " + key + " on drive " + drive + ", segment " + copy.segment() + " at " + copy.offset();
        if (failure != null) {
            DriveFault.Kind kind = presence.kindOf(failure);
            return new DriveFault(
                    kind == DriveFault.Kind.GONE ? kind : DriveFault.Kind.BROKEN,
                    "reading " + where + " failed: " + failure.getMessage(),
                    failure);
        }
        counters.corruptReads.increment();
        damage.shard(key, String.valueOf(copy.segment()), copy.offset());
        return new CorruptFault(where + ": " + what);
    }

    private void fill(Segment segment, ByteBuffer target, long position) throws IOException, Mismatch {
        int wanted = target.remaining();
        int count = segments.read(segment, target, position);
        if (count < wanted) {
            throw new Mismatch("the segment ends at " + (position + Math.max(0, count)) + ", before the record does");
        }
    }

    private static void checkHead(ShardKey key, Segment segment, ShardCopy copy, ByteBuffer bytes) throws Mismatch {
        RecordHead head = RecordHead.decode(bytes, 0, segment.header.salt(), copy.offset());
        if (head == null || head.payloadLength() != copy.payloadLength() || head.labelLength() != copy.labelLength()) {
            throw new Mismatch("its header is not there");
        }
        if (!head.verified(bytes, 0)
                || head.kind() != RecordKind.SHARD
                || !head.key().equals(key)) {
            throw new Mismatch("its header is damaged or of another shard");
        }
    }

    private ByteBuffer head(ShardKey key, Segment segment, ShardCopy copy) throws IOException, Mismatch {
        ByteBuffer bytes = ByteBuffer.allocate(RecordHead.headBytes(copy.payloadLength()));
        fill(segment, bytes, copy.offset());
        checkHead(key, segment, copy, bytes);
        return bytes;
    }

    private byte[] label(ShardKey key, Segment segment, ShardCopy copy) throws IOException, Mismatch {
        int headBytes = RecordHead.headBytes(copy.payloadLength());
        ByteBuffer bytes = ByteBuffer.allocate(headBytes + copy.labelLength());
        fill(segment, bytes, copy.offset());
        checkHead(key, segment, copy, bytes);
        if (RecordHead.crc(bytes.array(), headBytes, copy.labelLength()) != RecordHead.tableEntry(bytes, 0, 0)) {
            throw new Mismatch("its label is damaged");
        }
        return Arrays.copyOfRange(bytes.array(), headBytes, headBytes + copy.labelLength());
    }

    /** Head, label and payload in one read, when label and payload are short. */
    private void readSmall(ShardKey key, Segment segment, ShardCopy copy, int offset, ByteBuffer target)
            throws IOException, Mismatch {
        int payloadAt = RecordHead.headBytes(copy.payloadLength()) + copy.labelLength();
        ByteBuffer bytes = ByteBuffer.allocate(payloadAt + copy.payloadLength());
        fill(segment, bytes, copy.offset());
        checkHead(key, segment, copy, bytes);
        int end = offset + target.remaining();
        for (int block = offset / RecordHead.BLOCK_BYTES; block * RecordHead.BLOCK_BYTES < end; block++) {
            int start = block * RecordHead.BLOCK_BYTES;
            int length = Math.min(RecordHead.BLOCK_BYTES, copy.payloadLength() - start);
            if (RecordHead.crc(bytes.array(), payloadAt + start, length)
                    != RecordHead.tableEntry(bytes, 0, block + 1)) {
                throw new Mismatch("block " + block + " of its payload is damaged");
            }
        }
        target.put(bytes.array(), payloadAt + offset, target.remaining());
    }

    private void readLarge(ShardKey key, Segment segment, ShardCopy copy, int offset, ByteBuffer target)
            throws IOException, Mismatch {
        ByteBuffer head = head(key, segment, copy);
        int at = offset;
        int end = offset + target.remaining();
        while (at < end) {
            int within = at % RecordHead.BLOCK_BYTES;
            int wholeEnd = end == copy.payloadLength() ? end : end - end % RecordHead.BLOCK_BYTES;
            if (within == 0 && wholeEnd > at) {
                readBlocks(segment, copy, head, at, wholeEnd, target);
                at = wholeEnd;
            } else {
                int number = at / RecordHead.BLOCK_BYTES;
                int blockLength = blockLength(copy, number);
                ByteBuffer block = ByteBuffer.allocate(blockLength);
                readBlock(segment, copy, head, number, block);
                int count = Math.min(blockLength - within, end - at);
                target.put(block.array(), within, count);
                at += count;
            }
        }
    }

    /** Whole blocks, straight into the target; what does not verify is never seen, since the caller gets a fault. */
    private void readBlocks(Segment segment, ShardCopy copy, ByteBuffer head, int from, int to, ByteBuffer target)
            throws IOException, Mismatch {
        int start = target.position();
        int limit = target.limit();
        target.limit(start + to - from);
        try {
            fill(segment, target, payloadAt(copy) + from);
        } finally {
            target.limit(limit);
        }
        for (int done = 0; done < to - from; done += RecordHead.BLOCK_BYTES) {
            int number = (from + done) / RecordHead.BLOCK_BYTES;
            checkBlock(head, number, target.slice(start + done, blockLength(copy, number)));
        }
    }

    private void readBlock(Segment segment, ShardCopy copy, ByteBuffer head, int number, ByteBuffer block)
            throws IOException, Mismatch {
        int length = blockLength(copy, number);
        fill(segment, block.limit(length), payloadAt(copy) + (long) number * RecordHead.BLOCK_BYTES);
        checkBlock(head, number, block.slice(0, length));
    }

    private static void checkBlock(ByteBuffer head, int number, ByteBuffer block) throws Mismatch {
        CRC32C crc = new CRC32C();
        crc.update(block);
        if ((int) crc.getValue() != RecordHead.tableEntry(head, 0, number + 1)) {
            throw new Mismatch("block " + number + " of its payload is damaged");
        }
    }

    private static int blockLength(ShardCopy copy, int number) {
        return Math.min(RecordHead.BLOCK_BYTES, copy.payloadLength() - number * RecordHead.BLOCK_BYTES);
    }

    private static long payloadAt(ShardCopy copy) {
        return copy.offset() + RecordHead.headBytes(copy.payloadLength()) + copy.labelLength();
    }
}
