package io.cairn.console;

import io.cairn.base.Hashes;
import io.cairn.engine.ContentSource;
import io.cairn.engine.ObjectRead;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.PutResult;
import io.cairn.http.Exchange;
import io.cairn.http.HeaderList;
import io.cairn.http.RequestBody;
import io.cairn.http.ResponseBody;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.ETag;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import io.cairn.wire.Percent;
import io.cairn.wire.S3Exception;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The plain key API: {@code PUT/GET/HEAD/DELETE /data/{key}}. Keys are percent-decoded UTF-8 and live in the bucket
 * {@value #BUCKET}, where S3 clients see them too. Thread-safe.
 */
final class KeyApi {
    static final String PREFIX = "/data/";
    static final String BUCKET = "cairn-data";

    private static final int RETRIES = 3;

    private final ObjectStore store;

    KeyApi(ObjectStore store) {
        this.store = store;
    }

    void handle(Exchange exchange, String encodedKey, Caller caller) {
        ObjectKey key = key(encodedKey);
        try {
            switch (exchange.method()) {
                case "PUT" -> put(exchange, key, caller);
                case "GET", "HEAD" -> get(exchange, key);
                case "DELETE" -> delete(exchange, key);
                default -> throw new AdminRefusal(405, exchange.method() + " is not possible on a key");
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static ObjectKey key(String encoded) {
        try {
            return new ObjectKey(Percent.decodePathText(encoded));
        } catch (S3Exception | IllegalArgumentException malformed) {
            throw new AdminRefusal(400, "not a key: " + malformed.getMessage());
        }
    }

    private void put(Exchange exchange, ObjectKey key, Caller caller) throws IOException {
        String type = exchange.headers().first("content-type").orElse("application/octet-stream");
        PutResult result = store.objects()
                .put(
                        bucket(caller),
                        key,
                        Map.of("content-type", type),
                        precondition(exchange),
                        exchange.body().contentLength(),
                        new Body(exchange.body()));
        switch (result) {
            case PutResult.Stored(ObjectRow row) ->
                exchange.send(201, HeaderList.of("ETag", row.etag().quoted()), new byte[0]);
            case PutResult.Refused(Outcome reason) -> throw refused(reason, key);
        }
    }

    private void get(Exchange exchange, ObjectKey key) throws IOException {
        for (int attempt = 0; attempt < RETRIES; attempt++) {
            BucketRow bucket = store.buckets().find(new BucketName(BUCKET)).orElseThrow(() -> absent(key));
            ObjectRow row = store.objects().find(bucket, key).orElseThrow(() -> absent(key));
            HeaderList headers = HeaderList.of(
                    "Content-Type",
                    row.headers().getOrDefault("content-type", "application/octet-stream"),
                    "ETag",
                    row.etag().quoted());
            if (exchange.method().equals("HEAD")) {
                exchange.open(200, headers, row.size()).close();
                return;
            }
            Optional<ObjectRead> read = store.objects().open(bucket, row, 0, row.size());
            if (read.isPresent()) {
                send(exchange, headers, read.get());
                return;
            }
        }
        throw new AdminRefusal(503, "the key changed all the time while it was read; try again");
    }

    private static void send(Exchange exchange, HeaderList headers, ObjectRead opened) throws IOException {
        try (ObjectRead read = opened;
                ResponseBody body = exchange.open(200, headers, read.row().size())) {
            read.transferTo(body::write);
        }
    }

    private void delete(Exchange exchange, ObjectKey key) {
        BucketRow bucket = store.buckets().find(new BucketName(BUCKET)).orElseThrow(() -> absent(key));
        Outcome outcome = store.objects().delete(bucket, key, new Precondition.Exists());
        if (!(outcome instanceof Outcome.Deleted)) {
            throw refused(outcome, key);
        }
        exchange.send(204, HeaderList.empty(), new byte[0]);
    }

    private BucketRow bucket(Caller caller) {
        BucketName name = new BucketName(BUCKET);
        Optional<BucketRow> bucket = store.buckets().find(name);
        if (bucket.isEmpty()) {
            store.buckets().create(name, caller.accessKey(), "");
            bucket = store.buckets().find(name);
        }
        return bucket.orElseThrow(() -> new AdminRefusal(503, "the bucket " + BUCKET + " was just deleted; try again"));
    }

    private static Precondition precondition(Exchange exchange) {
        Optional<String> noneMatch = exchange.headers().first("if-none-match");
        Optional<String> match = exchange.headers().first("if-match");
        if (noneMatch.isPresent()) {
            if (!noneMatch.get().strip().equals("*")) {
                throw new AdminRefusal(501, "If-None-Match on a write takes only *");
            }
            return new Precondition.Absent();
        }
        return match.map(KeyApi::matching).orElse(new Precondition.None());
    }

    private static Precondition matching(String header) {
        String tag = header.strip();
        try {
            return tag.equals("*") ? new Precondition.Exists() : new Precondition.Matches(new ETag(unquoted(tag)));
        } catch (IllegalArgumentException malformed) {
            throw new AdminRefusal(400, "not an entity tag: " + tag);
        }
    }

    private static String unquoted(String tag) {
        return tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }

    private static AdminRefusal absent(ObjectKey key) {
        return new AdminRefusal(404, "no such key: " + key);
    }

    private static AdminRefusal refused(Outcome reason, ObjectKey key) {
        return switch (reason) {
            case Outcome.NoSuchKey _, Outcome.NoSuchBucket _ -> absent(key);
            case Outcome.PreconditionFailed _ -> new AdminRefusal(412, "the precondition does not hold for key " + key);
            default -> new AdminRefusal(500, "the store answered " + reason);
        };
    }

    /** The request's body as content with its MD5. */
    private static final class Body implements ContentSource {
        private final RequestBody body;
        private final MessageDigest md5 = Hashes.md5();

        Body(RequestBody body) {
            this.body = body;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = body.read(target, offset, length);
            if (count > 0) {
                md5.update(target, offset, count);
            }
            return count;
        }

        @Override
        public Facts facts() {
            return new Facts(new ETag(HexFormat.of().formatHex(md5.digest())), Optional.empty());
        }
    }
}
