package io.cairn.base;

import java.nio.ByteBuffer;

/** A {@link Checksum} over one of the JDK's cyclic redundancy checks or our own. Belongs to one thread at a time. */
final class CyclicChecksum implements Checksum {
    private final ChecksumAlgorithm algorithm;
    private final java.util.zip.Checksum crc;

    CyclicChecksum(ChecksumAlgorithm algorithm, java.util.zip.Checksum crc) {
        this.algorithm = algorithm;
        this.crc = crc;
    }

    @Override
    public ChecksumAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        crc.update(bytes, offset, length);
    }

    @Override
    public void update(ByteBuffer bytes) {
        crc.update(bytes);
    }

    @Override
    public byte[] digest() {
        byte[] digest = Crcs.toBytes(crc.getValue(), algorithm.digestLength());
        crc.reset();
        return digest;
    }
}
