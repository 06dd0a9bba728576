package io.cairn.wire.xml;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.wire.Timestamps;
import io.cairn.wire.payload.ChecksumType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The result of ListParts. */
public record ListParts(
        String bucket,
        String key,
        String uploadId,
        Owner owner,
        String storageClass,
        int partNumberMarker,
        int nextPartNumberMarker,
        int maxParts,
        boolean truncated,
        boolean urlEncoded,
        Optional<ChecksumAlgorithm> checksumAlgorithm,
        Optional<ChecksumType> checksumType,
        List<Part> parts)
        implements XmlDocument {
    /**
     * A part in the list.
     *
     * @param etag without quotes
     */
    public record Part(int number, Instant lastModified, String etag, long size, Optional<ObjectChecksum> checksum) {}

    public ListParts {
        parts = List.copyOf(parts);
    }

    @Override
    public void writeTo(XmlWriter out) {
        out.root("ListPartsResult").element("Bucket", bucket);
        out.element("Key", XmlDocument.key(key, urlEncoded)).element("UploadId", uploadId);
        owner.writeTo(out, "Initiator");
        owner.writeTo(out, "Owner");
        out.element("StorageClass", storageClass).element("PartNumberMarker", partNumberMarker);
        out.element("NextPartNumberMarker", nextPartNumberMarker).element("MaxParts", maxParts);
        if (urlEncoded) {
            out.element("EncodingType", "url");
        }
        out.element("IsTruncated", truncated);
        checksumAlgorithm.ifPresent(algorithm -> out.element("ChecksumAlgorithm", algorithm.s3Name()));
        checksumType.ifPresent(type -> out.element("ChecksumType", type.name()));
        for (Part part : parts) {
            out.open("Part").element("PartNumber", part.number());
            out.element("LastModified", Timestamps.iso(part.lastModified())).etag(part.etag());
            out.element("Size", part.size());
            part.checksum().ifPresent(checksum -> checksum.writeTo(out));
            out.close("Part");
        }
        out.close("ListPartsResult");
    }
}
