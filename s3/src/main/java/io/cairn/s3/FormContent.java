package io.cairn.s3;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Hashes;
import io.cairn.engine.ContentSource;
import io.cairn.model.ETag;
import io.cairn.model.StoredChecksum;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ByteSource;
import io.cairn.wire.payload.DeclaredChecksum;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The file of a browser upload, whose length nobody announced. Owned by one thread. */
final class FormContent implements ContentSource {
    private final ByteSource file;
    private final Optional<DeclaredChecksum> declared;
    private final Optional<Checksum> running;
    private final MessageDigest md5;

    /** @param declared the checksum that the form gives for its file */
    FormContent(ByteSource file, Optional<DeclaredChecksum> declared) {
        this.file = file;
        this.declared = declared;
        this.running = declared.map(checksum -> Checksum.of(checksum.algorithm()));
        this.md5 = Hashes.md5();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = file.read(target, offset, length);
        if (count > 0) {
            md5.update(target, offset, count);
            running.ifPresent(checksum -> checksum.update(target, offset, count));
        }
        return count;
    }

    @Override
    public Facts facts() {
        ETag etag = new ETag(HexFormat.of().formatHex(md5.digest()));
        return new Facts(etag, running.map(checksum -> verified(checksum.algorithm(), checksum.digest())));
    }

    private StoredChecksum verified(ChecksumAlgorithm algorithm, byte[] digest) {
        Optional<String> expected = declared.flatMap(DeclaredChecksum::base64);
        if (!expected.equals(Optional.of(Base64.getEncoder().encodeToString(digest)))) {
            throw new S3Exception(
                    S3Error.BAD_DIGEST,
                    "The " + algorithm.s3Name() + " you specified did not match the calculated checksum.");
        }
        return new StoredChecksum(algorithm, StoredChecksum.Kind.FULL_OBJECT, digest);
    }
}
