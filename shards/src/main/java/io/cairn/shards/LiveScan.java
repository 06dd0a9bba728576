package io.cairn.shards;

import io.cairn.model.CorruptFault;
import io.cairn.model.LabelledShard;
import io.cairn.model.ShardInfo;
import io.cairn.model.ShardKey;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** A walk over the live shards of an open drive, by its segments and not by its index alone. Stateless. */
final class LiveScan {
    private LiveScan() {}

    static void run(DriveParts parts, Consumer<LabelledShard> visitor) throws IOException {
        for (Segment segment : parts.segments().all()) {
            if (segment.row().liveShards() > 0) {
                scan(parts, segment, visitor);
            }
        }
    }

    private static void scan(DriveParts parts, Segment segment, Consumer<LabelledShard> visitor) throws IOException {
        if (!parts.disk().exists(segment.name)) {
            return;
        }
        try (DiskFile file = parts.disk().open(segment.name, false)) {
            long end = Math.min(segment.row().indexedTo(), file.size());
            SegmentScanner scanner = new SegmentScanner(file, segment.stream(), segment.header.salt(), end);
            long _ = scanner.scan(SegmentHeader.BYTES, new SegmentScanner.Visitor() {
                @Override
                public void record(RecordHead head) {
                    if (head.kind() == RecordKind.SHARD) {
                        visit(parts, segment, head, visitor);
                    }
                }

                @Override
                public void damage(long from, long to) {
                    parts.damage().range(segment.name, from, to);
                }
            });
        }
    }

    private static void visit(DriveParts parts, Segment segment, RecordHead head, Consumer<LabelledShard> visitor) {
        ShardKey key = head.key();
        ShardCopy live = parts.index().row(key).live();
        if (live == null || live.segment() != segment.id() || live.offset() != head.offset()) {
            return;
        }
        try {
            Optional<byte[]> label = parts.reader().label(key);
            ShardInfo info = new ShardInfo(key, head.payloadLength(), head.storedBytes(segment.stream()));
            boolean damaged = parts.damage().isDamaged(key);
            label.ifPresent(bytes -> visitor.accept(new LabelledShard(info, bytes, damaged)));
        } catch (CorruptFault unlabelled) {
            // The reader has noted the damage; without its label the shard tells nothing.
        }
    }
}
