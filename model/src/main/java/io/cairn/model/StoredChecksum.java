package io.cairn.model;

import io.cairn.base.ChecksumAlgorithm;
import java.util.Arrays;

/** A checksum that a client gave or asked for, kept with the object and returned with it. Equal when its bytes are. */
public record StoredChecksum(ChecksumAlgorithm algorithm, Kind kind, byte[] digest) {
    /** What the digest is of. */
    public enum Kind {
        /** The whole content. */
        FULL_OBJECT,
        /** The digests of the parts. */
        COMPOSITE
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredChecksum(var otherAlgorithm, var otherKind, var otherDigest)
                && algorithm == otherAlgorithm
                && kind == otherKind
                && Arrays.equals(digest, otherDigest);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * algorithm.hashCode() + kind.hashCode()) + Arrays.hashCode(digest);
    }
}
