package io.cairn.client;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Hashes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What a request sends: so many bytes that can be read more than once, because a request may be made again. Read twice
 * at least: its digests are signed, and the server refuses what arrives otherwise.
 */
public interface Body {
    /** Bytes. */
    long length();

    /** A new stream over all of it. */
    InputStream open() throws IOException;

    /** SHA-256 in hexadecimal and CRC32C in base64. */
    record Digests(String sha256, String crc32c) {}

    /** The array is not copied; it must not change. */
    static Body of(byte[] bytes, int offset, int length) {
        return new Body() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes, offset, length);
            }
        };
    }

    static Body of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** Reads all of it. */
    default Digests digests() throws IOException {
        MessageDigest sha256 = Hashes.sha256();
        Checksum crc32c = Checksum.of(ChecksumAlgorithm.CRC32C);
        byte[] buffer = new byte[(int) Math.clamp(length(), 1, 1 << 16)];
        long left = length();
        try (InputStream in = open()) {
            for (int count; left > 0 && (count = in.read(buffer)) > 0; left -= count) {
                sha256.update(buffer, 0, count);
                crc32c.update(buffer, 0, count);
            }
        }
        if (left != 0) {
            throw new IOException("a body of " + length() + " bytes has " + (length() - left));
        }
        return new Digests(
                HexFormat.of().formatHex(sha256.digest()), Base64.getEncoder().encodeToString(crc32c.digest()));
    }
}
