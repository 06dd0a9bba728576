package io.cairn.repository.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.cairn.repository.store.RepositoryFault;

/**
 * zstd for one thread: contexts are kept, because making one costs more than a small blob. Incompressible bytes are
 * noticed by a sample and not tried in full. Belongs to one thread.
 */
public final class Squeeze {
    private static final ThreadLocal<Squeeze> OF_THREAD = ThreadLocal.withInitial(Squeeze::new);
    private static final int SAMPLE = 4096;
    private static final int SAMPLE_FROM = 512 << 10;
    private static final int NOT_WORTH = 32;

    private final ZstdCompressCtx compressor = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final byte[] sample = new byte[(int) Zstd.compressBound(SAMPLE)];
    private int level = -1;

    private Squeeze() {
        compressor.setChecksum(false).setContentSize(true);
    }

    public static Squeeze ofThread() {
        return OF_THREAD.get();
    }

    /** Bytes that {@code length} bytes may grow to. */
    public static int bound(int length) {
        return (int) Zstd.compressBound(length);
    }

    /** Compresses into {@code target} at 0; returns the length, or 0 when it is not worth it. */
    int compress(byte[] plain, int offset, int length, byte[] target, int wantedLevel) {
        setLevel(wantedLevel);
        if (length >= SAMPLE_FROM && !promising(plain, offset, length)) {
            return 0;
        }
        int compressed = compressor.compressByteArray(target, 0, target.length, plain, offset, length);
        return compressed >= length - NOT_WORTH ? 0 : compressed;
    }

    /** Two samples, from the middle and near the end: if neither shrinks by a thirtieth, the whole will hardly. */
    private boolean promising(byte[] plain, int offset, int length) {
        return shrinks(plain, offset + length / 2) || shrinks(plain, offset + length - SAMPLE);
    }

    private boolean shrinks(byte[] plain, int offset) {
        return compressor.compressByteArray(sample, 0, sample.length, plain, offset, SAMPLE) < SAMPLE - SAMPLE / 30;
    }

    private void setLevel(int wanted) {
        if (level != wanted) {
            compressor.setLevel(wanted);
            level = wanted;
        }
    }

    public byte[] compress(byte[] plain) {
        setLevel(3);
        return compressor.compress(plain);
    }

    /** Decompresses to exactly {@code plainLength} bytes. */
    public byte[] decompress(byte[] from, int offset, int length, int plainLength, Object what) {
        byte[] plain = new byte[plainLength];
        decompressInto(from, offset, length, plain, plainLength, what);
        return plain;
    }

    /** Decompresses to the first {@code plainLength} bytes of {@code target}. */
    public void decompressInto(byte[] from, int offset, int length, byte[] target, int plainLength, Object what) {
        int found;
        try {
            found = decompressor.decompressByteArray(target, 0, plainLength, from, offset, length);
        } catch (ZstdException broken) {
            throw new RepositoryFault.Damaged(what + " does not decompress", broken);
        }
        if (found != plainLength) {
            throw new RepositoryFault.Damaged(what + " decompresses to " + found + " bytes instead of " + plainLength);
        }
    }

    /** Decompresses a document whose length is in its frame; refuses more than {@code max}. */
    public byte[] decompress(byte[] from, int offset, int length, long max, Object what) {
        long plainLength = Zstd.getFrameContentSize(from, offset, length, false);
        if (plainLength < 0 || plainLength > max) {
            return decompressUnknown(from, offset, length, max, what);
        }
        return decompress(from, offset, length, (int) plainLength, what);
    }

    /** Other writers may leave the length out of the frame. */
    private byte[] decompressUnknown(byte[] from, int offset, int length, long max, Object what) {
        try (var in =
                new com.github.luben.zstd.ZstdInputStream(new java.io.ByteArrayInputStream(from, offset, length))) {
            byte[] plain = in.readNBytes((int) Math.min(max + 1, Integer.MAX_VALUE - 8));
            if (plain.length > max) {
                throw new RepositoryFault.Damaged(what + " decompresses to more than " + max + " bytes");
            }
            return plain;
        } catch (java.io.IOException broken) {
            throw new RepositoryFault.Damaged(what + " does not decompress", broken);
        }
    }
}
