package io.cairn.wire.xml;

import java.util.List;
import java.util.Optional;

/** The result of ListObjectsV2. */
public record ListObjectsV2(
        String bucket,
        String prefix,
        Optional<String> delimiter,
        Optional<String> startAfter,
        Optional<String> continuationToken,
        Optional<String> nextContinuationToken,
        int maxKeys,
        boolean truncated,
        boolean urlEncoded,
        List<ListedObject> objects,
        List<String> commonPrefixes)
        implements XmlDocument {
    public ListObjectsV2 {
        objects = List.copyOf(objects);
        commonPrefixes = List.copyOf(commonPrefixes);
    }

    @Override
    public void writeTo(XmlWriter out) {
        out.root("ListBucketResult").element("Name", bucket);
        out.element("Prefix", XmlDocument.key(prefix, urlEncoded));
        out.optional("StartAfter", startAfter.map(key -> XmlDocument.key(key, urlEncoded)));
        out.optional("ContinuationToken", continuationToken);
        out.optional("NextContinuationToken", nextContinuationToken);
        out.element("KeyCount", objects.size() + commonPrefixes.size()).element("MaxKeys", maxKeys);
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
