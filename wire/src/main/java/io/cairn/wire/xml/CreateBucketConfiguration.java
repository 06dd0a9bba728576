package io.cairn.wire.xml;

import java.util.Optional;

/** The request document of CreateBucket. */
public record CreateBucketConfiguration(Optional<String> locationConstraint) {
    /** The largest document that makes sense, in bytes. */
    public static final int BYTES_MAX = 64 << 10;

    /** Reads the document; no document at all is an empty one. */
    public static CreateBucketConfiguration parse(byte[] document) {
        if (document.length == 0) {
            return new CreateBucketConfiguration(Optional.empty());
        }
        XmlElement root = XmlElement.parse(document).requireName("CreateBucketConfiguration");
        return new CreateBucketConfiguration(
                root.childText("LocationConstraint").filter(region -> !region.isEmpty()));
    }
}
