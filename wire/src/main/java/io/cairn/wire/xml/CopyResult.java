package io.cairn.wire.xml;

import io.cairn.wire.Timestamps;
import java.time.Instant;
import java.util.Optional;

/**
 * The result of CopyObject or UploadPartCopy.
 *
 * @param etag without quotes
 */
public record CopyResult(Kind kind, String etag, Instant lastModified, Optional<ObjectChecksum> checksum)
        implements XmlDocument {
    /** What was copied. */
    public enum Kind {
        OBJECT("CopyObjectResult"),
        PART("CopyPartResult");

        private final String root;

        Kind(String root) {
            this.root = root;
        }
    }

    @Override
    public void writeTo(XmlWriter out) {
        out.root(kind.root)
                .element("LastModified", Timestamps.iso(lastModified))
                .etag(etag);
        checksum.ifPresent(present -> present.writeTo(out));
        out.close(kind.root);
    }
}
