package io.cairn.base;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** A checksum being computed over bytes as they pass. Belongs to one thread at a time. */
public sealed interface Checksum permits CyclicChecksum, HashChecksum {
    /** A checksum of no bytes yet. */
    static Checksum of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> new CyclicChecksum(algorithm, new CRC32());
            case CRC32C -> new CyclicChecksum(algorithm, new CRC32C());
            case CRC64NVME -> new CyclicChecksum(algorithm, new Crc64Nvme());
            case SHA1 -> new HashChecksum(algorithm, Hashes.of("SHA-1"));
            case SHA256 -> new HashChecksum(algorithm, Hashes.of("SHA-256"));
        };
    }

    /** The digest of the whole array. */
    static byte[] digest(ChecksumAlgorithm algorithm, byte[] bytes) {
        Checksum checksum = of(algorithm);
        checksum.update(bytes, 0, bytes.length);
        return checksum.digest();
    }

    ChecksumAlgorithm algorithm();

    void update(byte[] bytes, int offset, int length);

    /** Takes the remaining bytes of the buffer and moves its position to its limit. */
    void update(ByteBuffer bytes);

    /** The digest of everything since the start, {@link ChecksumAlgorithm#digestLength()} bytes; then starts over. */
    byte[] digest();
}
