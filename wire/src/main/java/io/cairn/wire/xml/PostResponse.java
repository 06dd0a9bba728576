package io.cairn.wire.xml;

/**
 * The answer to a browser upload that asked for status 201.
 *
 * @param etag without quotes
 */
public record PostResponse(String location, String bucket, String key, String etag) implements XmlDocument {
    @Override
    public void writeTo(XmlWriter out) {
        out.open("PostResponse").element("Location", location).element("Bucket", bucket);
        out.element("Key", key).etag(etag).close("PostResponse");
    }
}
