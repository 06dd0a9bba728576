package io.cairn.client;

import io.cairn.wire.Header;
import io.cairn.wire.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is known of an object without its bytes. {@code version} is empty when the bucket never had versions. */
public record ObjectHead(
        long size, String etag, Instant modified, String version, Attributes attributes, int tagCount) {
    static ObjectHead of(List<Header> headers, long size) {
        return new ObjectHead(
                size,
                Header.first(headers, "etag").map(ObjectHead::unquoted).orElse(""),
                Header.first(headers, "last-modified")
                        .flatMap(Timestamps::parse)
                        .orElse(Instant.EPOCH),
                Header.first(headers, "x-amz-version-id").orElse(""),
                Attributes.of(headers),
                Header.first(headers, "x-amz-tagging-count")
                        .map(ObjectHead::count)
                        .orElse(0));
    }

    static String unquoted(String etag) {
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return quoted ? etag.substring(1, etag.length() - 1) : etag;
    }

    private static int count(String text) {
        return Optional.of(text)
                .filter(digits -> digits.matches("\\d{1,4}"))
                .map(Integer::parseInt)
                .orElse(0);
    }
}
