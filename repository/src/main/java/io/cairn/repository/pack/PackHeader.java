package io.cairn.repository.pack;

import io.cairn.repository.seal.Id;
import io.cairn.repository.seal.Sealer;
import io.cairn.repository.store.RepositoryFault;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The list of blobs at the end of a pack. See {@code docs/formats/repository.md}. Stateless. */
public final class PackHeader {
    /** Bytes of the field at the very end. */
    public static final int LENGTH_FIELD = 4;

    static final int MAX = 16 << 20;
    private static final int PLAIN_ENTRY = 1 + 4 + Id.LENGTH;
    private static final int COMPRESSED_ENTRY = PLAIN_ENTRY + 4;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private PackHeader() {}

    /** Bytes that header and length field of so many blobs take at most. */
    public static int sizeMax(int blobs) {
        return blobs * COMPRESSED_ENTRY + Sealer.OVERHEAD + LENGTH_FIELD;
    }

    /** Bytes of header and length field for exactly these blobs. */
    public static int size(List<PackedBlob> blobs) {
        int size = Sealer.OVERHEAD + LENGTH_FIELD;
        for (PackedBlob blob : blobs) {
            size += blob.compressed() ? COMPRESSED_ENTRY : PLAIN_ENTRY;
        }
        return size;
    }

    /** Writes sealed header and length field; returns the bytes written. */
    static int write(List<PackedBlob> blobs, Sealer sealer, byte[] target, int at) {
        byte[] plain = new byte[size(blobs) - Sealer.OVERHEAD - LENGTH_FIELD];
        int position = 0;
        for (PackedBlob blob : blobs) {
            plain[position] = (byte) (blob.type().ordinal() + (blob.compressed() ? 2 : 0));
            INT.set(plain, position + 1, blob.length());
            position += 5;
            if (blob.compressed()) {
                INT.set(plain, position, blob.plainLength());
                position += 4;
            }
            blob.id().put(plain, position);
            position += Id.LENGTH;
        }
        int sealed = sealer.seal(plain, 0, plain.length, target, at);
        INT.set(target, at + sealed, sealed);
        return sealed + LENGTH_FIELD;
    }

    /** Sealed bytes of the header, from the last four bytes of a pack of that size. */
    public static int sealedLength(byte[] tail, int tailEnd, long packSize, Object what) {
        int length = (int) INT.get(tail, tailEnd - LENGTH_FIELD);
        if (length < Sealer.OVERHEAD + PLAIN_ENTRY || length > MAX || length > packSize - LENGTH_FIELD) {
            throw new RepositoryFault.Damaged(what + " ends in a header length of " + length
                    + ", which cannot be: it is cut off, or overwritten");
        }
        return length;
    }

    /** Opens a sealed header that ends at {@code bodyLength} bytes of blobs. */
    public static List<PackedBlob> parse(
            byte[] bytes, int offset, int length, long bodyLength, Sealer sealer, Object what) {
        byte[] plain = new byte[length - Sealer.OVERHEAD];
        sealer.open(bytes, offset, length, plain, 0, "the header of " + what);
        List<PackedBlob> blobs = new ArrayList<>();
        long position = 0;
        int at = 0;
        while (at < plain.length) {
            boolean compressed = plain[at] >= 2;
            int entry = compressed ? COMPRESSED_ENTRY : PLAIN_ENTRY;
            int blobLength = at + entry <= plain.length ? (int) INT.get(plain, at + 1) : -1;
            int plainLength = compressed && blobLength >= 0 ? (int) INT.get(plain, at + 5) : 0;
            if (plain[at] < 0
                    || plain[at] > 3
                    || blobLength < Sealer.OVERHEAD
                    || plainLength < 0
                    || position + blobLength > bodyLength) {
                throw new RepositoryFault.Damaged("the header of " + what + " has an entry that cannot be");
            }
            BlobType type = (plain[at] & 1) == 0 ? BlobType.DATA : BlobType.TREE;
            Id id = Id.at(plain, at + entry - Id.LENGTH);
            blobs.add(new PackedBlob(type, id, (int) position, blobLength, plainLength));
            position += blobLength;
            at += entry;
        }
        return blobs;
    }
}
