package io.cairn.engine;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Hashes;
import io.cairn.model.ETag;
import io.cairn.model.StoredChecksum;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** An object that is being read, as the content of another one: the source of a copy. Owned by one thread. */
public final class CopySource implements ContentSource {
    private final ObjectRead read;
    private final MessageDigest md5 = Hashes.md5();
    private final Optional<ChecksumAlgorithm> algorithm;
    private final Optional<Checksum> checksum;

    /** @param algorithm the checksum to keep with the copy, if any */
    public CopySource(ObjectRead read, Optional<ChecksumAlgorithm> algorithm) {
        this.read = read;
        this.algorithm = algorithm;
        this.checksum = algorithm.map(Checksum::of);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        int count = read.read(target, offset, length);
        if (count > 0) {
            md5.update(target, offset, count);
            checksum.ifPresent(sum -> sum.update(target, offset, count));
        }
        return count;
    }

    @Override
    public Facts facts() {
        ETag etag = new ETag(HexFormat.of().formatHex(md5.digest()));
        Optional<StoredChecksum> stored = checksum.map(
                sum -> new StoredChecksum(algorithm.orElseThrow(), StoredChecksum.Kind.FULL_OBJECT, sum.digest()));
        return new Facts(etag, stored);
    }
}
