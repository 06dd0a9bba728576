package io.cairn.wire.xml;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.wire.Timestamps;
import io.cairn.wire.payload.ChecksumType;
import java.time.Instant;
import java.util.Optional;

/**
 * An object in a listing.
 *
 * @param etag without quotes
 * @param size in bytes
 */
public record ListedObject(
        String key,
        Instant lastModified,
        String etag,
        long size,
        String storageClass,
        Optional<Owner> owner,
        Optional<ChecksumAlgorithm> checksumAlgorithm,
        Optional<ChecksumType> checksumType) {

    void writeTo(XmlWriter out, boolean urlEncoded) {
        out.open("Contents").element("Key", XmlDocument.key(key, urlEncoded));
        out.element("LastModified", Timestamps.iso(lastModified)).etag(etag);
        checksumAlgorithm.ifPresent(algorithm -> out.element("ChecksumAlgorithm", algorithm.s3Name()));
        checksumType.ifPresent(type -> out.element("ChecksumType", type.name()));
        out.element("Size", size);
        owner.ifPresent(present -> present.writeTo(out, "Owner"));
        out.element("StorageClass", storageClass).close("Contents");
    }
}
