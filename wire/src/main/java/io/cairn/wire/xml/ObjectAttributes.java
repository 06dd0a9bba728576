package io.cairn.wire.xml;

import java.util.List;
import java.util.Optional;

/**
 * The result of GetObjectAttributes; only what was asked for is present.
 *
 * @param etag without quotes, which this document alone leaves out too
 * @param size in bytes
 */
public record ObjectAttributes(
        Optional<String> etag,
        Optional<ObjectChecksum> checksum,
        Optional<Parts> parts,
        Optional<String> storageClass,
        Optional<Long> size)
        implements XmlDocument {
    /** The parts of a multipart object; they are listed only when the object has checksums. */
    public record Parts(
            int total,
            int partNumberMarker,
            int nextPartNumberMarker,
            int maxParts,
            boolean truncated,
            List<Part> list) {
        public Parts {
            list = List.copyOf(list);
        }

        private void writeTo(XmlWriter out) {
            out.open("ObjectParts").element("PartsCount", total).element("PartNumberMarker", partNumberMarker);
            out.element("NextPartNumberMarker", nextPartNumberMarker).element("MaxParts", maxParts);
            out.element("IsTruncated", truncated);
            for (Part part : list) {
                out.open("Part").element("PartNumber", part.number()).element("Size", part.size());
                part.checksum().ifPresent(checksum -> checksum.writeTo(out));
                out.close("Part");
            }
            out.close("ObjectParts");
        }
    }

    /** One part. */
    public record Part(int number, long size, Optional<ObjectChecksum> checksum) {}

    @Override
    public void writeTo(XmlWriter out) {
        out.root("GetObjectAttributesResponse").optional("ETag", etag);
        checksum.ifPresent(present -> {
            out.open("Checksum");
            present.writeTo(out);
            out.close("Checksum");
        });
        parts.ifPresent(present -> present.writeTo(out));
        out.optional("StorageClass", storageClass);
        size.ifPresent(bytes -> out.element("ObjectSize", bytes));
        out.close("GetObjectAttributesResponse");
    }
}
