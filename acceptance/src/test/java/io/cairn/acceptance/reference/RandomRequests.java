package io.cairn.acceptance.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.crash.Answer;
import io.cairn.acceptance.crash.Md5;
import io.cairn.acceptance.crash.S3Client;
import io.cairn.acceptance.reference.ReferenceStore.Bucket;
import io.cairn.acceptance.reference.ReferenceStore.Page;
import io.cairn.acceptance.reference.ReferenceStore.Part;
import io.cairn.acceptance.reference.ReferenceStore.Stored;
import io.cairn.acceptance.reference.ReferenceStore.Upload;
import io.cairn.wire.Percent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes one random request after the other, of a store and of the model, and compares the answers. One thread. */
final class RandomRequests {
    private static final List<String> BUCKETS = List.of("alpha", "beta", "gamma.dotted");
    private static final List<String> KEYS = List.of(
            "a",
            "a/",
            "a/b",
            "a/b/c",
            "a/b/d",
            "a//b",
            "a b",
            "a+b",
            "a%2Fb",
            "b",
            "b/1",
            "b/2",
            "b/10",
            "..",
            "../x",
            "./y",
            "/lead",
            "//",
            "é",
            "é/ü",
            "日本/語",
            "😀",
            "😀/😀",
            "z",
            "z~",
            "&<>\"'",
            "k=v?x#y",
            "long/" + "x".repeat(900));
    private static final int HISTORY = 40;
    private static final int FINISHED_MAX = 20;
    private static final int PART_BYTES_MIN = 5 << 20;

    private final S3Client client;
    private final SplittableRandom random;
    private final ReferenceStore model = new ReferenceStore();
    private final Deque<String> history = new ArrayDeque<>();
    private final Set<String> kinds = new TreeSet<>();
    private final List<Finished> finished = new ArrayList<>();
    private final Set<String> ended = new TreeSet<>();

    RandomRequests(S3Client client, SplittableRandom random) {
        this.client = client;
        this.random = random;
    }

    String history() {
        return String.join("\n", history);
    }

    int kinds() {
        return kinds.size();
    }

    void step() throws IOException {
        String bucket = BUCKETS.get(random.nextInt(random.nextInt(4) == 0 ? 3 : 1));
        switch (random.nextInt(26)) {
            case 0 -> changeBucket(bucket);
            case 1 -> listBuckets();
            case 2, 3, 4 -> list(bucket, true);
            case 5, 6 -> list(bucket, false);
            case 7, 8, 9 -> delete(bucket);
            case 10 -> deleteMany(bucket);
            case 11, 12 -> copy(bucket);
            case 13 -> createUpload(bucket);
            case 14, 15 -> uploadPart(bucket);
            case 16 -> listParts(bucket);
            case 17 -> complete(bucket);
            case 18 -> {
                if (random.nextInt(3) == 0) {
                    abort(bucket);
                } else {
                    listUploads(bucket);
                }
            }
            case 19, 20, 21 -> read(bucket);
            default -> put(bucket);
        }
    }

    private Answer send(
            String kind, String method, String bucket, String key, String query, byte[] body, String... headers)
            throws IOException {
        kinds.add(kind);
        String path = "/" + bucket + (key.isEmpty() ? "" : "/" + Percent.encodeKey(key));
        history.addLast(method + " " + path + (query.isEmpty() ? "" : "?" + query) + " " + body.length + " bytes "
                + Arrays.toString(headers));
        if (history.size() > HISTORY) {
            history.removeFirst();
        }
        Answer answer = client.send(method, path, query, body, headers);
        history.addLast("  " + answer.status() + " "
                + answer.elements("Code").stream().findFirst().orElse(""));
        return answer;
    }

    private static void expect(Answer answer, int status, String code) {
        String found = answer.status() + " "
                + (answer.status() < 300
                        ? ""
                        : answer.elements("Code").stream().findFirst().orElse(""));
        assertEquals(status + " " + code, found, answer::toString);
    }

    /** Expects NoSuchBucket where there is none; otherwise the bucket. */
    private Optional<Bucket> existing(String name, Answer answer) {
        Optional<Bucket> bucket = model.bucket(name);
        if (bucket.isEmpty()) {
            expect(answer, 404, "NoSuchBucket");
        }
        return bucket;
    }

    private String key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private byte[] bytes() {
        int size = switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> 60_000 + random.nextInt(20_000);
            case 2 -> random.nextInt(300_000);
            case 3 -> random.nextInt(20) == 0 ? 1_000_000 + random.nextInt(2_000_000) : 1;
            default -> random.nextInt(6_000);
        };
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private void put(String name) throws IOException {
        String key = key();
        byte[] body = bytes();
        Stored stored = new Stored(
                body, HexFormat.of().formatHex(Md5.of(body)), "text/t" + random.nextInt(9), "n" + random.nextInt(99));
        Optional<Stored> old = model.bucket(name).map(bucket -> bucket.objects().get(key));
        List<String> headers =
                new ArrayList<>(List.of("Content-Type", stored.type(), "x-amz-meta-note", stored.note()));
        Refusal refusal = condition(old, headers);
        Answer answer = send("put", "PUT", name, key, "", body, headers.toArray(String[]::new));
        existing(name, answer).ifPresent(bucket -> {
            expect(answer, refusal.status(), refusal.code());
            if (answer.status() == 200) {
                assertEquals(stored.etag(), answer.etag());
                bucket.objects().put(key, stored);
            }
        });
    }

    /** What a condition leads to; 200 when it holds. */
    private record Refusal(int status, String code) {
        static final Refusal NONE = new Refusal(200, "");
    }

    private Refusal condition(Optional<Stored> old, List<String> headers) {
        switch (random.nextInt(6)) {
            case 0 -> {
                headers.addAll(List.of("If-None-Match", "*"));
                return old.isPresent() ? new Refusal(412, "PreconditionFailed") : Refusal.NONE;
            }
            case 1 -> {
                boolean right = random.nextBoolean();
                String tag = right && old.isPresent() ? old.get().etag() : "0123456789abcdef0123456789abcdef";
                headers.addAll(List.of("If-Match", "\"" + tag + "\""));
                if (old.isEmpty()) {
                    return new Refusal(404, "NoSuchKey");
                }
                return right ? Refusal.NONE : new Refusal(412, "PreconditionFailed");
            }
            default -> {
                return Refusal.NONE;
            }
        }
    }

    private void read(String name) throws IOException {
        String key = key();
        boolean head = random.nextInt(3) == 0;
        Optional<Stored> stored =
                model.bucket(name).map(bucket -> bucket.objects().get(key));
        int size = stored.map(some -> some.bytes().length).orElse(0);
        Range range = range(size);
        String[] headers = range.text().isEmpty() ? new String[0] : new String[] {"Range", range.text()};
        Answer answer = send(head ? "head" : "get", head ? "HEAD" : "GET", name, key, "", new byte[0], headers);
        if (stored.isEmpty()) {
            assertEquals(404, answer.status());
            if (!head) {
                expect(answer, 404, model.bucket(name).isPresent() ? "NoSuchKey" : "NoSuchBucket");
            }
            return;
        }
        assertEquals(range.status(), answer.status());
        if (range.status() == 416) {
            return;
        }
        byte[] part = Arrays.copyOfRange(stored.get().bytes(), range.first(), range.end());
        assertEquals(
                String.valueOf(part.length), answer.header("content-length").orElse(""));
        assertEquals(stored.get().etag(), answer.etag());
        assertEquals(stored.get().type(), answer.header("content-type").orElse(""));
        assertEquals(stored.get().note(), answer.header("x-amz-meta-note").orElse(""));
        if (!head) {
            assertArrayEquals(part, answer.body());
        }
        if (range.status() == 206) {
            assertEquals(
                    "bytes " + range.first() + "-" + (range.end() - 1) + "/" + size,
                    answer.header("content-range").orElse(""));
        }
    }

    /** A range and what it selects. */
    private record Range(String text, int status, int first, int end) {}

    private Range range(int size) {
        int from = random.nextInt(size + 2);
        int length = random.nextInt(size + 10);
        return switch (random.nextInt(8)) {
            case 0 ->
                from >= size
                        ? new Range("bytes=" + from + "-", 416, 0, 0)
                        : new Range("bytes=" + from + "-", 206, from, size);
            case 1 ->
                from >= size
                        ? new Range("bytes=" + from + "-" + (from + length), 416, 0, 0)
                        : new Range(
                                "bytes=" + from + "-" + (from + length), 206, from, Math.min(size, from + length + 1));
            case 2 ->
                length == 0 || size == 0
                        ? new Range("bytes=-" + length, 416, 0, 0)
                        : new Range("bytes=-" + length, 206, Math.max(0, size - length), size);
            default -> new Range("", 200, 0, size);
        };
    }

    private void delete(String name) throws IOException {
        String key = key();
        Answer answer = send("delete", "DELETE", name, key, "", new byte[0]);
        existing(name, answer).ifPresent(bucket -> {
            expect(answer, 204, "");
            bucket.objects().remove(key);
        });
    }

    private void deleteMany(String name) throws IOException {
        Set<String> keys = new TreeSet<>(List.of(key(), key(), key()));
        StringBuilder xml = new StringBuilder("<Delete>");
        keys.forEach(key -> xml.append("<Object><Key>").append(escape(key)).append("</Key></Object>"));
        byte[] body = xml.append("</Delete>").toString().getBytes(StandardCharsets.UTF_8);
        Answer answer = send("delete many", "POST", name, "", "delete=", body, "Content-MD5", Md5.base64(body));
        existing(name, answer).ifPresent(bucket -> {
            expect(answer, 200, "");
            Set<String> deleted = new TreeSet<>();
            Xml.parse(answer.body()).children("Deleted").forEach(one -> deleted.add(one.text("Key")));
            assertEquals(keys, deleted);
            keys.forEach(bucket.objects()::remove);
        });
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void copy(String name) throws IOException {
        String source = key();
        String target = key();
        String from = BUCKETS.get(random.nextInt(2));
        Optional<Stored> stored =
                model.bucket(from).map(bucket -> bucket.objects().get(source));
        boolean replace = random.nextBoolean();
        String note = "n" + random.nextInt(99);
        List<String> headers =
                new ArrayList<>(List.of("x-amz-copy-source", "/" + from + "/" + Percent.encodeKey(source)));
        if (replace) {
            headers.addAll(List.of(
                    "x-amz-metadata-directive", "REPLACE", "Content-Type", "text/copied", "x-amz-meta-note", note));
        }
        if (from.equals(name) && source.equals(target) && !replace) {
            return;
        }
        Answer answer = send("copy", "PUT", name, target, "", new byte[0], headers.toArray(String[]::new));
        if (existing(name, answer).isEmpty()) {
            return;
        }
        if (stored.isEmpty()) {
            expect(answer, 404, model.bucket(from).isPresent() ? "NoSuchKey" : "NoSuchBucket");
            return;
        }
        expect(answer, 200, "");
        Stored old = stored.get();
        String etag = answer.element("ETag");
        if (!old.etag().contains("-")) {
            assertEquals(old.etag(), etag);
        }
        Stored copied = replace
                ? new Stored(old.bytes(), etag, "text/copied", note)
                : new Stored(old.bytes(), etag, old.type(), old.note());
        model.bucket(name).orElseThrow().objects().put(target, copied);
    }

    private void changeBucket(String name) throws IOException {
        Optional<Bucket> bucket = model.bucket(name);
        if (bucket.isEmpty()) {
            expect(send("create bucket", "PUT", name, "", "", new byte[0]), 200, "");
            model.make(name);
            return;
        }
        boolean used = !bucket.get().objects().isEmpty();
        if (random.nextBoolean()) {
            Answer again = send("create bucket", "PUT", name, "", "", new byte[0]);
            assertEquals(true, again.status() == 200 || again.status() == 409, again::toString);
        } else if (bucket.get().uploads().isEmpty() || used) {
            Answer answer = send("delete bucket", "DELETE", name, "", "", new byte[0]);
            expect(answer, used ? 409 : 204, used ? "BucketNotEmpty" : "");
            if (!used) {
                model.remove(name);
            }
        }
    }

    private void listBuckets() throws IOException {
        Answer answer = client.get("/");
        kinds.add("list buckets");
        List<String> names = new ArrayList<>();
        Xml.parse(answer.body())
                .children("Buckets")
                .getFirst()
                .children("Bucket")
                .forEach(one -> names.add(one.text("Name")));
        assertEquals(model.names(), names);
    }

    /** Lists all pages of one random listing. */
    private void list(String name, boolean second) throws IOException {
        String prefix = random.nextInt(2) == 0 ? "" : key().substring(0, 1);
        prefix = Character.isSurrogate(prefix.isEmpty() ? 'x' : prefix.charAt(0)) ? "😀" : prefix;
        String delimiter = List.of("", "/", "/", "b", "//").get(random.nextInt(5));
        String after = random.nextInt(3) == 0 ? key() : "";
        int limit = 1 + random.nextInt(random.nextBoolean() ? 4 : 40);
        String base = (second ? "list-type=2&" : "") + "encoding-type=url&max-keys=" + limit + "&prefix="
                + Percent.encode(prefix) + (delimiter.isEmpty() ? "" : "&delimiter=" + Percent.encode(delimiter));
        String from = after.isEmpty() ? "" : "&" + (second ? "start-after=" : "marker=") + Percent.encode(after);
        while (true) {
            Answer answer = send(second ? "list v2" : "list v1", "GET", name, "", base + from, new byte[0]);
            Optional<Bucket> bucket = existing(name, answer);
            if (bucket.isEmpty()) {
                return;
            }
            expect(answer, 200, "");
            Page page = ReferenceStore.list(bucket.get(), prefix, delimiter, after, limit);
            Xml shown = Xml.parse(answer.body());
            compare(bucket.get(), page, shown);
            if (page.next().isEmpty()) {
                return;
            }
            after = page.next();
            if (second) {
                from = "&continuation-token=" + Percent.encode(shown.text("NextContinuationToken"));
            } else {
                if (!delimiter.isEmpty()) {
                    assertEquals(page.next(), Percent.decodeQueryText(shown.text("NextMarker")));
                }
                from = "&marker=" + Percent.encode(after);
            }
        }
    }

    private static void compare(Bucket bucket, Page page, Xml shown) {
        Map<String, String> expected = new TreeMap<>();
        page.keys().forEach(key -> {
            Stored stored = bucket.objects().get(key);
            expected.put(key, stored.bytes().length + " " + stored.etag());
        });
        Map<String, String> found = new TreeMap<>();
        List<String> order = new ArrayList<>();
        for (Xml object : shown.children("Contents")) {
            String key = Percent.decodeQueryText(object.text("Key"));
            order.add(key);
            found.put(key, object.text("Size") + " " + object.text("ETag").replace("\"", ""));
        }
        List<String> prefixes = shown.children("CommonPrefixes").stream()
                .map(one -> Percent.decodeQueryText(one.text("Prefix")))
                .toList();
        assertEquals(page.keys(), order);
        assertEquals(page.prefixes(), prefixes);
        assertEquals(expected, found);
        assertEquals(String.valueOf(!page.next().isEmpty()), shown.text("IsTruncated"));
    }

    private void createUpload(String name) throws IOException {
        String key = key();
        String type = "text/u" + random.nextInt(9);
        Answer answer = send(
                "create upload",
                "POST",
                name,
                key,
                "uploads=",
                new byte[0],
                "Content-Type",
                type,
                "x-amz-meta-note",
                "up");
        existing(name, answer).ifPresent(bucket -> {
            expect(answer, 200, "");
            bucket.uploads().put(answer.element("UploadId"), new Upload(key, type, "up", new TreeMap<>()));
        });
    }

    /** An upload in progress, or now and then one that has ended. */
    private Optional<Map.Entry<String, Upload>> upload(String name) {
        List<Map.Entry<String, Upload>> open = model.bucket(name)
                .map(bucket -> List.copyOf(bucket.uploads().entrySet()))
                .orElse(List.of());
        if (open.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(open.get(random.nextInt(open.size())));
    }

    private void uploadPart(String name) throws IOException {
        if (random.nextInt(10) == 0 && !ended.isEmpty() && model.bucket(name).isPresent()) {
            String id = ended.iterator().next();
            Answer answer = send("part of none", "PUT", name, "a", "partNumber=1&uploadId=" + id, new byte[3]);
            expect(answer, 404, "NoSuchUpload");
            return;
        }
        Optional<Map.Entry<String, Upload>> chosen = upload(name);
        if (chosen.isEmpty()) {
            return;
        }
        Upload upload = chosen.get().getValue();
        byte[] body = random.nextInt(60) == 0 ? new byte[PART_BYTES_MIN] : bytes();
        int number = 1 + random.nextInt(4);
        Answer answer = send(
                "part",
                "PUT",
                name,
                upload.key(),
                "partNumber=" + number + "&uploadId=" + chosen.get().getKey(),
                body);
        expect(answer, 200, "");
        Part part = new Part(body, HexFormat.of().formatHex(Md5.of(body)));
        assertEquals(part.etag(), answer.etag());
        upload.parts().put(number, part);
    }

    private void listParts(String name) throws IOException {
        Optional<Map.Entry<String, Upload>> chosen = upload(name);
        if (chosen.isEmpty()) {
            return;
        }
        Upload upload = chosen.get().getValue();
        Answer answer = send(
                "list parts",
                "GET",
                name,
                upload.key(),
                "uploadId=" + chosen.get().getKey(),
                new byte[0]);
        expect(answer, 200, "");
        List<String> expected = new ArrayList<>();
        upload.parts().forEach((number, part) -> expected.add(number + " " + part.bytes().length + " " + part.etag()));
        List<String> shown = Xml.parse(answer.body()).children("Part").stream()
                .map(one -> one.text("PartNumber") + " " + one.text("Size") + " "
                        + one.text("ETag").replace("\"", ""))
                .toList();
        assertEquals(expected, shown);
    }

    /** A completion that succeeded, as it was asked for. */
    private record Finished(String bucket, String key, String id, byte[] body, Stored result) {}

    /** Asks again, as a client does that did not hear the answer. */
    private void completeAgain() throws IOException {
        Finished one = finished.get(random.nextInt(finished.size()));
        Answer answer = send("complete again", "POST", one.bucket(), one.key(), "uploadId=" + one.id(), one.body());
        Optional<Bucket> bucket = model.bucket(one.bucket());
        if (bucket.isEmpty()) {
            expect(answer, 404, "NoSuchBucket");
        } else if (bucket.get().objects().get(one.key()) == one.result()) {
            expect(answer, 200, "");
            assertEquals(one.result().etag(), answer.element("ETag"));
        } else {
            expect(answer, 404, "NoSuchUpload");
        }
    }

    private void complete(String name) throws IOException {
        if (!finished.isEmpty() && random.nextInt(3) == 0) {
            completeAgain();
            return;
        }
        Optional<Map.Entry<String, Upload>> chosen = upload(name);
        if (chosen.isEmpty() || chosen.get().getValue().parts().isEmpty()) {
            return;
        }
        String id = chosen.get().getKey();
        Upload upload = chosen.get().getValue();
        List<Integer> numbers = new ArrayList<>(upload.parts().keySet());
        while (numbers.size() > 1 && random.nextBoolean()) {
            numbers.remove(random.nextInt(numbers.size()));
        }
        boolean wrong = random.nextInt(5) == 0;
        boolean backwards = numbers.size() > 1 && random.nextInt(5) == 0;
        if (backwards) {
            numbers.sort(Comparator.reverseOrder());
        }
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        boolean small = false;
        for (int number : numbers) {
            Part part = upload.parts().get(number);
            small |= part.bytes().length < PART_BYTES_MIN && number != numbers.getLast();
            String tag = wrong ? "00000000000000000000000000000000" : part.etag();
            xml.append("<Part><PartNumber>" + number + "</PartNumber><ETag>" + tag + "</ETag></Part>");
            digests.writeBytes(Md5.of(part.bytes()));
            all.writeBytes(part.bytes());
        }
        byte[] body = xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        Answer answer = send("complete", "POST", name, upload.key(), "uploadId=" + id, body);
        if (backwards) {
            expect(answer, 400, "InvalidPartOrder");
        } else if (wrong) {
            expect(answer, 400, "InvalidPart");
        } else if (small) {
            expect(answer, 400, "EntityTooSmall");
        } else {
            expect(answer, 200, "");
            String etag = HexFormat.of().formatHex(Md5.of(digests.toByteArray())) + "-" + numbers.size();
            assertEquals(etag, answer.element("ETag"));
            Bucket bucket = model.bucket(name).orElseThrow();
            bucket.uploads().remove(id);
            ended.add(id);
            Stored result = new Stored(all.toByteArray(), etag, upload.type(), upload.note());
            bucket.objects().put(upload.key(), result);
            finished.add(new Finished(name, upload.key(), id, body, result));
            if (finished.size() > FINISHED_MAX) {
                finished.removeFirst();
            }
        }
    }

    private void abort(String name) throws IOException {
        Optional<Map.Entry<String, Upload>> chosen = upload(name);
        if (chosen.isEmpty()) {
            return;
        }
        String id = chosen.get().getKey();
        expect(send("abort", "DELETE", name, chosen.get().getValue().key(), "uploadId=" + id, new byte[0]), 204, "");
        model.bucket(name).orElseThrow().uploads().remove(id);
        ended.add(id);
    }

    /** Lists all pages of the open uploads; a long run has more of them than one page can show. */
    private void listUploads(String name) throws IOException {
        int limit = random.nextInt(8) == 0 ? 1 + random.nextInt(40) : 1_000;
        String base = "uploads=&max-uploads=" + limit;
        String from = "";
        Set<String> shown = new TreeSet<>();
        while (true) {
            Answer answer = send("list uploads", "GET", name, "", base + from, new byte[0]);
            Optional<Bucket> bucket = existing(name, answer);
            if (bucket.isEmpty()) {
                return;
            }
            expect(answer, 200, "");
            Xml page = Xml.parse(answer.body());
            List<Xml> uploads = page.children("Upload");
            assertTrue(uploads.size() <= limit, () -> uploads.size() + " uploads on a page of " + limit);
            uploads.forEach(one -> assertTrue(shown.add(one.text("Key") + " " + one.text("UploadId")), "shown twice"));
            if (!Boolean.parseBoolean(page.text("IsTruncated"))) {
                Set<String> expected = new TreeSet<>();
                bucket.get().uploads().forEach((id, upload) -> expected.add(upload.key() + " " + id));
                assertEquals(expected, shown);
                return;
            }
            assertEquals(limit, uploads.size());
            from = "&key-marker=" + Percent.encode(page.text("NextKeyMarker")) + "&upload-id-marker="
                    + Percent.encode(page.text("NextUploadIdMarker"));
        }
    }
}
