package io.cairn.testkit;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Hashes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bucket of {@link FakeS3}. Safe for use by many threads, one at a time. */
final class FakeBucket {
    private static final Set<String> KEPT = Set.of(
            "content-type",
            "content-encoding",
            "content-language",
            "content-disposition",
            "cache-control",
            "expires",
            "x-amz-object-lock-mode",
            "x-amz-object-lock-retain-until-date");
    private static final Pattern TAG = Pattern.compile("<Key>(.*?)</Key><Value>(.*?)</Value>", Pattern.DOTALL);
    private static final Pattern OBJECT =
            Pattern.compile("<Key>(.*?)</Key>(?:<VersionId>(.*?)</VersionId>)?", Pattern.DOTALL);
    private static final Pattern UNTIL = Pattern.compile("<RetainUntilDate>(.*?)</RetainUntilDate>");

    private final String name;
    private final boolean locks;
    private boolean versions;
    private final Map<String, List<FakeObject>> keys = new TreeMap<>(
            Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), java.util.Arrays::compareUnsigned));
    private final Map<String, TreeMap<Integer, byte[]>> uploads = new TreeMap<>();
    private final Map<String, FakeCall> begun = new TreeMap<>();
    private long serial;

    FakeBucket(String name, boolean versions, boolean locks) {
        this.name = name;
        this.versions = versions;
        this.locks = locks;
    }

    synchronized Optional<FakeObject> newest(String key) {
        return Optional.ofNullable(keys.get(key)).map(List::getFirst).filter(object -> !object.marker());
    }

    private Optional<FakeObject> version(String key, String version) {
        return version.isEmpty()
                ? newest(key)
                : keys.getOrDefault(key, List.of()).stream()
                        .filter(object -> object.version().equals(version))
                        .findFirst();
    }

    /** Does it without an answer. */
    synchronized void apply(FakeCall call, boolean conditional) {
        if (call.exchange().getRequestMethod().equals("PUT")
                && !(conditional
                        && call.header("If-None-Match").equals("*")
                        && newest(call.key()).isPresent())) {
            put(call, call.key(), call.body());
        }
    }

    synchronized void serve(FakeCall call, boolean conditional) throws IOException {
        switch (call.exchange().getRequestMethod()) {
            case "GET", "HEAD" -> read(call);
            case "PUT" -> write(call, conditional);
            case "POST" -> post(call);
            case "DELETE" -> remove(call);
            default -> call.error(405, "MethodNotAllowed");
        }
    }

    private void read(FakeCall call) throws IOException {
        if (call.key().isEmpty()) {
            if (call.has("versioning")) {
                call.answer(200, "<V>" + (versions ? "<Status>Enabled</Status>" : "") + "</V>");
            } else if (call.has("object-lock") && locks) {
                call.answer(200, "<O><ObjectLockEnabled>Enabled</ObjectLockEnabled></O>");
            } else if (call.has("object-lock")) {
                call.error(404, "ObjectLockConfigurationNotFoundError");
            } else if (call.has("versions") || call.has("list-type")) {
                call.answer(200, new FakeListing(keys, call).document());
            } else {
                call.answer(200);
            }
            return;
        }
        Optional<FakeObject> found = version(call.key(), call.parameter("versionId"));
        if (found.isEmpty()) {
            call.error(404, "NoSuchKey");
        } else if (call.has("tagging")) {
            StringBuilder tags = new StringBuilder("<Tagging><TagSet>");
            found.get()
                    .tags()
                    .forEach((tag, value) -> tags.append("<Tag><Key>")
                            .append(escaped(tag))
                            .append("</Key><Value>")
                            .append(escaped(value))
                            .append("</Value></Tag>"));
            call.answer(200, tags + "</TagSet></Tagging>");
        } else {
            object(call, found.get());
        }
    }

    private void object(FakeCall call, FakeObject object) throws IOException {
        var headers = call.exchange().getResponseHeaders();
        headers.set("ETag", "\"" + object.etag() + "\"");
        headers.set("Last-Modified", http(object.modified()));
        object.headers()
                .forEach((header, value) -> headers.set(
                        header, new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        if (!object.tags().isEmpty()) {
            headers.set("x-amz-tagging-count", Integer.toString(object.tags().size()));
        }
        if (versions) {
            headers.set("x-amz-version-id", object.version());
        }
        Matcher range = Pattern.compile("bytes=(\\d+)-(\\d*)").matcher(call.header("Range"));
        if (!range.matches()) {
            headers.set("x-amz-checksum-crc32c", object.crc32c());
            call.bytes(200, object.bytes());
            return;
        }
        int from = Integer.parseInt(range.group(1));
        int size = object.bytes().length;
        int to = range.group(2).isEmpty() ? size : Math.min(size, Integer.parseInt(range.group(2)) + 1);
        if (from >= size) {
            call.error(416, "InvalidRange");
        } else {
            call.bytes(206, java.util.Arrays.copyOfRange(object.bytes(), from, to));
        }
    }

    static String http(Instant time) {
        return java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(java.time.ZoneOffset.UTC));
    }

    private void write(FakeCall call, boolean conditional) throws IOException {
        String document = new String(call.body(), StandardCharsets.UTF_8);
        if (call.has("versioning")) {
            versions = document.contains("Enabled");
            call.answer(200);
        } else if (call.key().isEmpty()) {
            call.error(409, "BucketAlreadyOwnedByYou");
        } else if (call.has("tagging")) {
            Map<String, String> tags = new TreeMap<>();
            for (Matcher tag = TAG.matcher(document); tag.find(); ) {
                tags.put(plain(tag.group(1)), plain(tag.group(2)));
            }
            replace(call, object -> object.withTags(tags));
        } else if (call.has("retention")) {
            Matcher until = UNTIL.matcher(document);
            String time = until.find() ? until.group(1) : "";
            replace(call, object -> object.withHeader("x-amz-object-lock-retain-until-date", time));
        } else if (!checksum(call)) {
            call.error(400, "BadDigest");
        } else if (call.has("uploadId")) {
            Objects.requireNonNull(uploads.get(call.parameter("uploadId")))
                    .put(Integer.parseInt(call.parameter("partNumber")), call.body());
            call.exchange().getResponseHeaders().set("ETag", "\"" + md5(call.body()) + "\"");
            call.answer(200);
        } else if (conditional
                && call.header("If-None-Match").equals("*")
                && newest(call.key()).isPresent()) {
            call.error(412, "PreconditionFailed");
        } else {
            stored(call, put(call, call.key(), call.body()));
        }
    }

    private static boolean checksum(FakeCall call) {
        String told = call.header("x-amz-checksum-crc32c");
        return told.isEmpty() || told.equals(crc32c(call.body()));
    }

    private void stored(FakeCall call, FakeObject object) throws IOException {
        call.exchange().getResponseHeaders().set("ETag", "\"" + object.etag() + "\"");
        if (versions) {
            call.exchange().getResponseHeaders().set("x-amz-version-id", object.version());
        }
        call.answer(200);
    }

    private void replace(FakeCall call, java.util.function.UnaryOperator<FakeObject> change) throws IOException {
        Optional<FakeObject> found = version(call.key(), call.parameter("versionId"));
        if (found.isEmpty()) {
            call.error(404, "NoSuchKey");
            return;
        }
        List<FakeObject> all = Objects.requireNonNull(keys.get(call.key()));
        all.set(all.indexOf(found.get()), change.apply(found.get()));
        call.answer(200);
    }

    private FakeObject put(FakeCall call, String key, byte[] bytes) {
        Map<String, String> headers = new TreeMap<>();
        call.exchange().getRequestHeaders().forEach((header, values) -> {
            String lower = header.toLowerCase(Locale.ROOT);
            if (KEPT.contains(lower) || lower.startsWith("x-amz-meta-")) {
                headers.put(lower, call.header(header));
            }
        });
        Map<String, String> tags = new TreeMap<>();
        for (String pair : call.header("x-amz-tagging").split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                tags.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return add(key, bytes, md5(bytes), headers, tags, false);
    }

    private FakeObject add(
            String key,
            byte[] bytes,
            String etag,
            Map<String, String> headers,
            Map<String, String> tags,
            boolean marker) {
        String version = versions ? "v%08d".formatted(++serial) : "null";
        Instant time = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(++serial);
        var object = new FakeObject(version, bytes, etag, crc32c(bytes), time, headers, tags, marker);
        List<FakeObject> all = keys.computeIfAbsent(key, _ -> new ArrayList<>());
        all.removeIf(other -> other.version().equals(version));
        all.addFirst(object);
        return object;
    }

    private void post(FakeCall call) throws IOException {
        if (call.has("uploads")) {
            String id = "u" + ++serial;
            uploads.put(id, new TreeMap<>());
            begun.put(id, call);
            call.answer(200, "<R><UploadId>" + id + "</UploadId></R>");
        } else if (call.has("uploadId")) {
            complete(call);
        } else {
            Matcher objects = OBJECT.matcher(new String(call.body(), StandardCharsets.UTF_8));
            while (objects.find()) {
                String key = plain(objects.group(1));
                delete(key, objects.group(2) == null ? "" : objects.group(2));
            }
            call.answer(200, "<DeleteResult></DeleteResult>");
        }
    }

    private void complete(FakeCall call) throws IOException {
        TreeMap<Integer, byte[]> parts = uploads.remove(call.parameter("uploadId"));
        if (parts == null) {
            call.error(404, "NoSuchUpload");
            return;
        }
        var whole = new ByteArrayOutputStream();
        parts.values().forEach(whole::writeBytes);
        FakeObject single =
                put(Objects.requireNonNull(begun.get(call.parameter("uploadId"))), call.key(), whole.toByteArray());
        String etag = single.etag() + "-" + parts.size();
        List<FakeObject> all = Objects.requireNonNull(keys.get(call.key()));
        all.set(
                0,
                new FakeObject(
                        single.version(),
                        single.bytes(),
                        etag,
                        single.crc32c(),
                        single.modified(),
                        single.headers(),
                        single.tags(),
                        false));
        call.answer(
                200, "<CompleteMultipartUploadResult><ETag>\"" + etag + "\"</ETag></CompleteMultipartUploadResult>");
    }

    private void remove(FakeCall call) throws IOException {
        if (call.has("uploadId")) {
            uploads.remove(call.parameter("uploadId"));
            call.answer(204);
            return;
        }
        String version = call.parameter("versionId");
        boolean locked = version(call.key(), version)
                .filter(object -> !version.isEmpty() && !object.lockedUntil().isEmpty())
                .isPresent();
        if (locked) {
            call.error(403, "AccessDenied");
            return;
        }
        call.exchange().getResponseHeaders().set("x-amz-version-id", delete(call.key(), version));
        call.answer(204);
    }

    private String delete(String key, String version) {
        if (version.isEmpty() && versions) {
            return add(key, new byte[0], "", Map.of(), Map.of(), true).version();
        }
        List<FakeObject> all = keys.getOrDefault(key, new ArrayList<>());
        all.removeIf(object -> version.isEmpty() || object.version().equals(version));
        if (all.isEmpty()) {
            keys.remove(key);
        }
        return version;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String plain(String xml) {
        return xml.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#13;", "\r")
                .replace("&amp;", "&");
    }

    private static String md5(byte[] bytes) {
        return HexFormat.of().formatHex(Hashes.md5().digest(bytes));
    }

    private static String crc32c(byte[] bytes) {
        return Base64.getEncoder().encodeToString(Checksum.digest(ChecksumAlgorithm.CRC32C, bytes));
    }

    @Override
    public String toString() {
        return name;
    }
}
