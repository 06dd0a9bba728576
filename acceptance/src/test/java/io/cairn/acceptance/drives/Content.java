package io.cairn.acceptance.drives;

import io.cairn.engine.ContentSource;
import io.cairn.model.ETag;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;

/** The bytes of one write, known from its key, its generation and its length alone. Owned by one thread. */
final class Content implements ContentSource {
    private final byte[] bytes;
    private int at;

    Content(byte[] bytes) {
        this.bytes = bytes;
    }

    static byte[] bytes(String key, int generation, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(31L * key.hashCode() + generation).nextBytes(bytes);
        return bytes;
    }

    static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (at == bytes.length) {
            return -1;
        }
        int count = Math.min(length, bytes.length - at);
        System.arraycopy(bytes, at, target, offset, count);
        at += count;
        return count;
    }

    @Override
    public Facts facts() {
        return new Facts(new ETag(md5(bytes)), Optional.empty());
    }
}
