package io.cairn.client;

import io.cairn.wire.Header;
import io.cairn.wire.Percent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One request before it is signed. Values of headers are text; they travel as UTF-8.
 *
 * @param query encoded, without the question mark
 */
record Request(String method, String bucket, String key, String query, List<Header> headers, Optional<Body> body) {
    Request {
        headers = List.copyOf(headers);
    }

    static Request of(String method, String bucket, String key) {
        return new Request(method, bucket, key, "", List.of(), Optional.empty());
    }

    /** With one more parameter; an empty value is sent as such. */
    Request with(String name, String value) {
        String parameter = Percent.encode(name) + "=" + Percent.encode(value);
        return new Request(method, bucket, key, query.isEmpty() ? parameter : query + "&" + parameter, headers, body);
    }

    Request with(String name, Optional<String> value) {
        return value.map(present -> with(name, present)).orElse(this);
    }

    Request header(String name, String value) {
        return headers(List.of(new Header(name, value)));
    }

    Request headers(List<Header> more) {
        List<Header> all = new ArrayList<>(headers);
        all.addAll(more);
        return new Request(method, bucket, key, query, all, body);
    }

    Request body(Body content) {
        return new Request(method, bucket, key, query, headers, Optional.of(content));
    }

    long length() {
        return body.map(Body::length).orElse(0L);
    }

    /** For messages. */
    @Override
    public String toString() {
        return method + " s3://" + bucket + (key.isEmpty() ? "" : "/" + key) + (query.isEmpty() ? "" : "?" + query);
    }
}
