package io.cairn.wire.xml;

import java.util.Optional;

/**
 * The result of CompleteMultipartUpload.
 *
 * @param etag without quotes
 */
public record CompletedUpload(
        String location, String bucket, String key, String etag, Optional<ObjectChecksum> checksum)
        implements XmlDocument {
    @Override
    public void writeTo(XmlWriter out) {
        out.root("CompleteMultipartUploadResult").element("Location", location).element("Bucket", bucket);
        out.element("Key", key).etag(etag);
        checksum.ifPresent(present -> present.writeTo(out));
        out.close("CompleteMultipartUploadResult");
    }
}
