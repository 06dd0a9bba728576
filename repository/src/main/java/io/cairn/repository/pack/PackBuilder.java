package io.cairn.repository.pack;

import io.cairn.repository.seal.Id;
import io.cairn.repository.seal.Sealer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A pack being filled, in memory, because its name is the hash of all of it. Belongs to one thread at a time. */
final class PackBuilder {
    private final BlobType type;
    private final List<PackedBlob> blobs = new ArrayList<>();
    private byte[] bytes;
    private int length;

    PackBuilder(BlobType type, byte[] buffer) {
        this.type = type;
        this.bytes = buffer;
    }

    BlobType type() {
        return type;
    }

    boolean isEmpty() {
        return blobs.isEmpty();
    }

    int length() {
        return length;
    }

    /** Takes a sealed blob. */
    void add(Id id, byte[] sealed, int sealedLength, int plainLength) {
        reserve(length + sealedLength);
        System.arraycopy(sealed, 0, bytes, length, sealedLength);
        blobs.add(new PackedBlob(type, id, length, sealedLength, plainLength));
        length += sealedLength;
    }

    /** Takes all blobs of another pack, which is empty afterwards. */
    void absorb(PackBuilder other) {
        reserve(length + other.length);
        System.arraycopy(other.bytes, 0, bytes, length, other.length);
        for (PackedBlob blob : other.blobs) {
            blobs.add(new PackedBlob(type, blob.id(), length + blob.offset(), blob.length(), blob.plainLength()));
        }
        length += other.length;
        other.blobs.clear();
        other.length = 0;
    }

    /** Ends the pack with its header. After that nothing may be added. */
    FinishedPack finish(Sealer sealer) {
        reserve(length + PackHeader.sizeMax(blobs.size()));
        length += PackHeader.write(blobs, sealer, bytes, length);
        return new FinishedPack(Id.of(bytes, 0, length), type, bytes, length, List.copyOf(blobs));
    }

    private void reserve(int needed) {
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + bytes.length / 8));
        }
    }

    /** A whole pack in memory: the first {@code length} bytes. */
    @SuppressWarnings("ArrayRecordComponent")
    record FinishedPack(Id id, BlobType type, byte[] bytes, int length, List<PackedBlob> blobs) {}
}
