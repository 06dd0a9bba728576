package io.cairn.wire.xml;

import io.cairn.wire.Percent;
import java.util.List;

/** A result of S3 that can write itself as XML. */
public sealed interface XmlDocument
        permits CompletedUpload,
                CopyResult,
                CreatedUpload,
                DeleteResult,
                ErrorDocument,
                ListBuckets,
                ListObjects,
                ListObjectsV2,
                ListParts,
                ListUploads,
                ListVersions,
                LocationConstraint,
                ObjectAttributes,
                PostResponse,
                VersioningConfiguration {
    /** The content type that the bytes are sent with. */
    String CONTENT_TYPE = "application/xml";

    /** The document in UTF-8 with its XML declaration. */
    default byte[] toXml() {
        XmlWriter out = new XmlWriter();
        writeTo(out);
        return out.toBytes();
    }

    /** Writes the root element. */
    void writeTo(XmlWriter out);

    /**
     * A key as it stands in a listing. With {@code encoding-type=url} a space is {@code %20}, which every client
     * decodes rightly, those that take {@code +} for a space and those that do not.
     */
    static String key(String key, boolean urlEncoded) {
        return urlEncoded ? Percent.encodeKey(key) : key;
    }

    /** The common prefixes of a listing. */
    static void writePrefixes(XmlWriter out, List<String> prefixes, boolean urlEncoded) {
        for (String prefix : prefixes) {
            out.open("CommonPrefixes")
                    .element("Prefix", key(prefix, urlEncoded))
                    .close("CommonPrefixes");
        }
    }
}
