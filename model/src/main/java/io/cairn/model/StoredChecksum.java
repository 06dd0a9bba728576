package io.cairn.model;

import io.cairn.base.ChecksumAlgorithm;

/** A checksum that a client gave or asked for, kept with the object and returned with it. */
public record StoredChecksum(ChecksumAlgorithm algorithm, Kind kind, byte[] digest) {
    /** What the digest is of. */
    public enum Kind {
        /** The whole content. */
        FULL_OBJECT,
        /** The digests of the parts. */
        COMPOSITE
    }
}
