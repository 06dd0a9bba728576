package io.cairn.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request to {@link FakeS3}, read. */
record FakeCall(HttpExchange exchange, String bucket, String key, Map<String, String> query, byte[] body) {
    static FakeCall read(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath().substring(1);
        int slash = path.indexOf('/');
        String key = slash < 0 ? "" : path.substring(slash + 1);
        return new FakeCall(
                exchange,
                slash < 0 ? path : path.substring(0, slash),
                URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8),
                query(exchange.getRequestURI().getRawQuery()),
                exchange.getRequestBody().readAllBytes());
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.put(
                    URLDecoder.decode(name, StandardCharsets.UTF_8), URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return query;
    }

    /** The header as text; empty when there is none. */
    String header(String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null
                ? ""
                : new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).strip();
    }

    boolean has(String parameter) {
        return query.containsKey(parameter);
    }

    String parameter(String name) {
        return query.getOrDefault(name, "");
    }

    void answer(int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    void answer(int status, String document) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        bytes(status, document.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(int status, byte[] bytes) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
        }
        exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    /** Promises all of it, and sends half. */
    void cut(byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(200, bytes.length);
        var half = new ByteArrayOutputStream();
        half.write(bytes, 0, bytes.length / 2);
        exchange.getResponseBody().write(half.toByteArray());
        exchange.getResponseBody().flush();
        exchange.close();
    }

    void error(int status, String code) throws IOException {
        answer(
                status,
                "<Error><Code>" + code + "</Code><Message>said by a test</Message><RequestId>1</RequestId></Error>");
    }
}
