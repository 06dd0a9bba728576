package io.cairn.wire.xml;

import java.util.List;
import java.util.Optional;

/** The result of ListObjects, version 1. */
public record ListObjects(
        String bucket,
        String prefix,
        String marker,
        Optional<String> nextMarker,
        Optional<String> delimiter,
        int maxKeys,
        boolean truncated,
        boolean urlEncoded,
        List<ListedObject> objects,
        List<String> commonPrefixes)
        implements XmlDocument {
    public ListObjects {
        objects = List.copyOf(objects);
        commonPrefixes = List.copyOf(commonPrefixes);
    }

    @Override
    public void writeTo(XmlWriter out) {
        out.root("ListBucketResult").element("Name", bucket);
        out.element("Prefix", XmlDocument.key(prefix, urlEncoded));
        out.element("Marker", XmlDocument.key(marker, urlEncoded));
        out.optional("NextMarker", nextMarker.map(key -> XmlDocument.key(key, urlEncoded)));
        out.element("MaxKeys", maxKeys);
        out.optional("Delimiter", delimiter.map(text -> XmlDocument.key(text, urlEncoded)));
        if (urlEncoded) {
            out.element("EncodingType", "url");
        }
        out.element("IsTruncated", truncated);
        for (ListedObject object : objects) {
            object.writeTo(out, urlEncoded);
        }
        XmlDocument.writePrefixes(out, commonPrefixes, urlEncoded);
        out.close("ListBucketResult");
    }
}
