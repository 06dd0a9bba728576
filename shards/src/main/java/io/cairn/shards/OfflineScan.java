package io.cairn.shards;

import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.LabelledShard;
import io.cairn.model.ShardInfo;
import io.cairn.model.ShardKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** A raw walk over the segments of a drive that is not open. Stateless. */
public final class OfflineScan {
    private OfflineScan() {}

    /** What the walk meets, in the order of segments. */
    public interface Visitor {
        /** A record with a verified header and label; {@code damaged} says that its payload does not verify. */
        void shard(LabelledShard shard, long sequence);

        /** A release: records of the key with a smaller sequence are dead. */
        void released(ShardKey key, long sequence);

        /** Bytes that are no record. */
        void damage(String segment, long from, long to);
    }

    static void run(Disk disk, Visitor visitor) {
        try {
            DriveId drive = SmallFile.read(disk, DriveLayout.IDENTITY)
                    .flatMap(DriveIdentity::decode)
                    .orElseThrow(() -> new DriveFault(DriveFault.Kind.GONE, "there is no readable drive identity"))
                    .id();
            for (String fileName : disk.list(DriveLayout.SEGMENTS)) {
                for (Stream stream : Stream.values()) {
                    OptionalLong id = SegmentHeader.idOf(fileName, stream);
                    if (id.isPresent()) {
                        scan(disk, drive, stream, id.getAsLong(), fileName, visitor);
                    }
                }
            }
        } catch (IOException failure) {
            throw new DriveFault(
                    DriveFault.Kind.BROKEN, "the segments cannot be read: " + failure.getMessage(), failure);
        }
    }

    private static void scan(Disk disk, DriveId drive, Stream stream, long id, String fileName, Visitor visitor)
            throws IOException {
        try (DiskFile file = disk.open(DriveLayout.SEGMENTS + "/" + fileName, false)) {
            ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
            int count = file.read(block, 0);
            Optional<SegmentHeader> header =
                    SegmentHeader.decode(block.position(0).limit(count));
            if (header.isEmpty()) {
                header = LostHeader.find(file, stream, id, drive);
            }
            if (header.isEmpty()) {
                visitor.damage(fileName, 0, file.size());
                return;
            }
            SegmentScanner scanner =
                    new SegmentScanner(file, stream, header.get().salt(), file.size());
            SegmentScanner content =
                    new SegmentScanner(file, stream, header.get().salt(), file.size());
            long _ = scanner.scan(SegmentHeader.BYTES, new SegmentScanner.Visitor() {
                @Override
                public void record(RecordHead head) throws IOException {
                    pass(head, stream, content, visitor);
                }

                @Override
                public void damage(long from, long to) {
                    visitor.damage(fileName, from, to);
                }
            });
        }
    }

    private static void pass(RecordHead head, Stream stream, SegmentScanner content, Visitor visitor)
            throws IOException {
        switch (head.kind()) {
            case SHARD -> {
                Optional<byte[]> label = content.label(head);
                if (label.isPresent()) {
                    ShardInfo info = new ShardInfo(head.key(), head.payloadLength(), head.storedBytes(stream));
                    boolean damaged = !content.intact(head);
                    visitor.shard(new LabelledShard(info, label.get(), damaged), head.sequence());
                }
            }
            case TOMBSTONES -> {
                ByteBuffer record = content.content(head);
                if (record != null) {
                    Tombstone.decode(record.position(head.headBytes()))
                            .forEach(tombstone -> visitor.released(tombstone.key(), tombstone.sequence()));
                }
            }
            case TRAILER -> {}
        }
    }

    /** The label of a verified record, if it fits its checksum; the bytes are those of the record's start. */
    static Optional<byte[]> label(RecordHead head, ByteBuffer start) {
        int from = head.headBytes();
        boolean fits = RecordHead.crc(start.array(), from, head.labelLength()) == RecordHead.tableEntry(start, 0, 0);
        return fits
                ? Optional.of(Arrays.copyOfRange(start.array(), from, from + head.labelLength()))
                : Optional.empty();
    }
}
