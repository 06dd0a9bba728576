package io.cairn.testkit;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** One version of an object of {@link FakeS3}, or a delete marker. */
record FakeObject(
        String version,
        byte[] bytes,
        String etag,
        String crc32c,
        Instant modified,
        Map<String, String> headers,
        Map<String, String> tags,
        boolean marker) {
    FakeObject {
        headers = new TreeMap<>(headers);
        tags = new TreeMap<>(tags);
    }

    FakeObject withHeader(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new FakeObject(version, bytes, etag, crc32c, modified, more, tags, marker);
    }

    FakeObject withTags(Map<String, String> all) {
        return new FakeObject(version, bytes, etag, crc32c, modified, headers, all, marker);
    }

    String lockedUntil() {
        return headers.getOrDefault("x-amz-object-lock-retain-until-date", "");
    }
}
