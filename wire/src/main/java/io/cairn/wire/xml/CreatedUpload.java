package io.cairn.wire.xml;

/** The result of CreateMultipartUpload. */
public record CreatedUpload(String bucket, String key, String uploadId) implements XmlDocument {
    @Override
    public void writeTo(XmlWriter out) {
        out.root("InitiateMultipartUploadResult").element("Bucket", bucket).element("Key", key);
        out.element("UploadId", uploadId).close("InitiateMultipartUploadResult");
    }
}
