package io.cairn.s3;

import io.cairn.base.Checks;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.engine.ContentSource;
import io.cairn.model.ETag;
import io.cairn.model.StoredChecksum;
import io.cairn.wire.payload.VerifiedPayload;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The content that a client uploads, verified as it is read. Owned by one thread. */
final class Content implements ContentSource {
    private final VerifiedPayload payload;
    private final Optional<ChecksumAlgorithm> kept;

    /** @param kept the algorithm of the checksum to keep; it must be computed by the payload */
    Content(VerifiedPayload payload, Optional<ChecksumAlgorithm> kept) {
        this.payload = payload;
        this.kept = kept;
    }

    /** What a payload must compute so that its content can be kept with that checksum. */
    static VerifiedPayload.Wanted wanted(Optional<ChecksumAlgorithm> kept) {
        return new VerifiedPayload.Wanted(true, kept.map(Set::of).orElse(Set.of()));
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return payload.read(target, offset, length);
    }

    @Override
    public Facts facts() {
        VerifiedPayload.Digests digests = payload.digests();
        ETag etag = new ETag(HexFormat.of().formatHex(digests.md5().orElseThrow()));
        return new Facts(etag, kept.map(algorithm -> stored(algorithm, digests)));
    }

    private static StoredChecksum stored(ChecksumAlgorithm algorithm, VerifiedPayload.Digests digests) {
        byte[] digest = digests.checksums().getOrDefault(algorithm, new byte[0]);
        Checks.check(digest.length == algorithm.digestLength(), "the checksum to keep has been computed");
        return new StoredChecksum(algorithm, StoredChecksum.Kind.FULL_OBJECT, digest);
    }
}
