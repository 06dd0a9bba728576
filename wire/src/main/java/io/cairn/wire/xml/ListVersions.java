package io.cairn.wire.xml;

import java.util.List;
import java.util.Optional;

/** The result of ListObjectVersions; versions and delete markers in one order, as the bucket has them. */
public record ListVersions(
        String bucket,
        String prefix,
        String keyMarker,
        String versionIdMarker,
        Optional<String> nextKeyMarker,
        Optional<String> nextVersionIdMarker,
        Optional<String> delimiter,
        int maxKeys,
        boolean truncated,
        boolean urlEncoded,
        List<ListedVersion> versions,
        List<String> commonPrefixes)
        implements XmlDocument {
    public ListVersions {
        versions = List.copyOf(versions);
        commonPrefixes = List.copyOf(commonPrefixes);
    }

    @Override
    public void writeTo(XmlWriter out) {
        out.root("ListVersionsResult").element("Name", bucket);
        out.element("Prefix", XmlDocument.key(prefix, urlEncoded));
        out.element("KeyMarker", XmlDocument.key(keyMarker, urlEncoded));
        out.element("VersionIdMarker", versionIdMarker);
        out.optional("NextKeyMarker", nextKeyMarker.map(key -> XmlDocument.key(key, urlEncoded)));
        out.optional("NextVersionIdMarker", nextVersionIdMarker);
        out.element("MaxKeys", maxKeys);
        out.optional("Delimiter", delimiter.map(text -> XmlDocument.key(text, urlEncoded)));
        if (urlEncoded) {
            out.element("EncodingType", "url");
        }
        out.element("IsTruncated", truncated);
        for (ListedVersion version : versions) {
            version.writeTo(out, urlEncoded);
        }
        XmlDocument.writePrefixes(out, commonPrefixes, urlEncoded);
        out.close("ListVersionsResult");
    }
}
