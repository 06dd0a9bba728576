package io.cairn.base;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** A {@link Checksum} over a cryptographic hash. Belongs to one thread at a time. */
final class HashChecksum implements Checksum {
    private final ChecksumAlgorithm algorithm;
    private final MessageDigest hash;

    HashChecksum(ChecksumAlgorithm algorithm, MessageDigest hash) {
        this.algorithm = algorithm;
        this.hash = hash;
    }

    @Override
    public ChecksumAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        hash.update(bytes, offset, length);
    }

    @Override
    public void update(ByteBuffer bytes) {
        hash.update(bytes);
    }

    @Override
    public byte[] digest() {
        return hash.digest();
    }
}
