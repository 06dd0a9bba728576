package io.cairn.testkit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A page of a listing of {@link FakeS3}, small so that tests see several. One use. */
final class FakeListing {
    private static final int ENTRIES_MAX = 5;

    private final Map<String, List<FakeObject>> keys;
    private final FakeCall call;
    private final boolean versions;
    private final StringBuilder entries = new StringBuilder();
    private int count;
    private String last = "";
    private String lastVersion = "";

    FakeListing(Map<String, List<FakeObject>> keys, FakeCall call) {
        this.keys = keys;
        this.call = call;
        this.versions = call.has("versions");
    }

    String document() {
        boolean truncated = !fill();
        return "<Result><EncodingType>url</EncodingType><IsTruncated>" + truncated + "</IsTruncated>" + entries
                + (truncated ? markers() : "") + "</Result>";
    }

    /** False when the page is full before everything is told. */
    private boolean fill() {
        String token = call.parameter("continuation-token");
        String after = call.parameter("key-marker")
                + call.parameter("start-after")
                + new String(HexFormat.of().parseHex(token), StandardCharsets.UTF_8);
        String afterVersion = call.parameter("version-id-marker");
        for (Map.Entry<String, List<FakeObject>> entry : keys.entrySet()) {
            String key = entry.getKey();
            int order = after.isEmpty() ? 1 : compare(key, after);
            boolean skipping = order == 0 && !afterVersion.isEmpty();
            if (!key.startsWith(call.parameter("prefix")) || order < 0 || order == 0 && !skipping) {
                continue;
            }
            for (FakeObject object : entry.getValue()) {
                boolean shown =
                        !skipping && (versions || object == entry.getValue().getFirst() && !object.marker());
                skipping &= !object.version().equals(afterVersion);
                if (shown && count == ENTRIES_MAX) {
                    return false;
                }
                if (shown) {
                    show(key, object, object == entry.getValue().getFirst());
                }
            }
        }
        return true;
    }

    private void show(String key, FakeObject object, boolean latest) {
        count++;
        last = key;
        lastVersion = object.version();
        String element = versions ? object.marker() ? "DeleteMarker" : "Version" : "Contents";
        entries.append('<').append(element).append("><Key>");
        entries.append(URLEncoder.encode(key, StandardCharsets.UTF_8));
        entries.append("</Key><LastModified>").append(object.modified()).append("</LastModified><ETag>\"");
        entries.append(object.etag())
                .append("\"</ETag><Size>")
                .append(object.bytes().length)
                .append("</Size>");
        if (versions) {
            entries.append("<VersionId>").append(object.version()).append("</VersionId><IsLatest>");
            entries.append(latest).append("</IsLatest>");
        }
        entries.append("</").append(element).append('>');
    }

    private static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private String markers() {
        return versions
                ? "<NextKeyMarker>" + URLEncoder.encode(last, StandardCharsets.UTF_8)
                        + "</NextKeyMarker><NextVersionIdMarker>" + lastVersion + "</NextVersionIdMarker>"
                : "<NextContinuationToken>" + HexFormat.of().formatHex(last.getBytes(StandardCharsets.UTF_8))
                        + "</NextContinuationToken>";
    }
}
