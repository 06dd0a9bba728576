package io.cairn.client;

import io.cairn.wire.Percent;
import io.cairn.wire.Timestamps;
import io.cairn.wire.xml.XmlElement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A listing as pages of up to 1000 entries, in the server's order, each page asked for when it is taken. Not a
 * snapshot: what changes meanwhile may show or not. One thread.
 */
final class Listing implements Iterator<List<Listed>> {
    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final boolean versions;
    private String marker;
    private String versionMarker = "";
    private boolean first = true;
    private boolean more = true;

    /** @param after only keys after this one, if it is not empty */
    Listing(S3Client client, String bucket, String prefix, String after, boolean versions) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
        this.marker = after;
        this.versions = versions;
    }

    @Override
    public boolean hasNext() {
        return more;
    }

    @Override
    public List<Listed> next() {
        if (!more) {
            throw new NoSuchElementException();
        }
        XmlElement page = page();
        boolean encoded = page.childText("EncodingType").filter("url"::equals).isPresent();
        List<Listed> entries = new ArrayList<>();
        for (XmlElement child : page.children()) {
            switch (child.name()) {
                case "Contents", "Version" -> entries.add(entry(child, encoded, false));
                case "DeleteMarker" -> entries.add(entry(child, encoded, true));
                default -> {}
            }
        }
        advance(page, encoded);
        return entries;
    }

    private XmlElement page() {
        Request request = Request.of("GET", bucket, "").with("encoding-type", "url");
        request = request.with("prefix", prefix);
        if (versions) {
            request = request.with("versions", "");
            request = marker.isEmpty() ? request : request.with("key-marker", marker);
            request = versionMarker.isEmpty() ? request : request.with("version-id-marker", versionMarker);
        } else {
            request = request.with("list-type", "2");
            request = marker.isEmpty() ? request : request.with(first ? "start-after" : "continuation-token", marker);
        }
        return Bucket.document(client, request);
    }

    private void advance(XmlElement page, boolean encoded) {
        first = false;
        more = page.childText("IsTruncated").filter("true"::equals).isPresent();
        if (!more) {
            return;
        }
        String before = marker + " " + versionMarker;
        if (versions) {
            marker = page.child("NextKeyMarker")
                    .map(element -> key(element, encoded))
                    .orElse("");
            versionMarker = page.childText("NextVersionIdMarker").orElse("");
        } else {
            marker = page.childText("NextContinuationToken").orElse("");
        }
        if (marker.isEmpty() || before.equals(marker + " " + versionMarker)) {
            throw new S3Fault.Unreachable("the listing of bucket " + bucket + " at " + client.endpoint()
                    + " says that it goes on but not where; this server cannot be listed");
        }
    }

    private static Listed entry(XmlElement element, boolean encoded, boolean marker) {
        return new Listed(
                element.child("Key").map(key -> key(key, encoded)).orElse(""),
                element.childText("VersionId").orElse(""),
                element.childText("IsLatest").filter("true"::equals).isPresent(),
                marker,
                element.childText("LastModified").flatMap(Timestamps::parse).orElse(Instant.EPOCH),
                element.childText("ETag").map(ObjectHead::unquoted).orElse(""),
                element.childText("Size").map(Long::parseLong).orElse(0L));
    }

    private static String key(XmlElement element, boolean encoded) {
        return encoded ? Percent.decodeQueryText(element.text()) : element.text();
    }
}
