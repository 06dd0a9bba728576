package io.cairn.acceptance.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client that does everything that changes the store, on keys of its own, and writes into the ledger what it was
 * answered. A key whose last request had no answer is left alone until the next audit. One thread at a time.
 */
final class Writer {
    private static final int PART_BYTES_MIN = 5 << 20;
    private static final int PARTS_FROM = 1 << 20;
    private static final int KEYS = 20;
    private static final int OPEN_UPLOADS_MAX = 2;

    private final Ledger ledger;
    private final SplittableRandom random;
    private final List<Entry> keys = new ArrayList<>();
    private final List<Upload> uploads = new ArrayList<>();
    private final Entry bucket;
    private final Races races;
    private int largest = 2 << 20;

    Writer(Ledger ledger, Races races, String name, SplittableRandom random) {
        this.ledger = ledger;
        this.races = races;
        this.random = random;
        for (int i = 0; i < KEYS; i++) {
            keys.add(ledger.entry(name + "/" + i));
        }
        bucket = ledger.bucket("bucket-of-" + name);
    }

    /** Bounds what one object may hold. */
    Writer upTo(int bytes) {
        largest = bytes;
        return this;
    }

    /** Works until it is told to stop, or the daemon is gone. */
    void work(S3Client client, AtomicBoolean stop) {
        while (!stop.get()) {
            try {
                step(client);
            } catch (IOException gone) {
                // The request stays in doubt. After a crash there is nobody to talk to any more.
                ledger.doubt();
                return;
            }
        }
    }

    private void step(S3Client client) throws IOException {
        uploads.removeIf(upload -> upload.state == Upload.State.GONE);
        Entry entry = keys.get(random.nextInt(keys.size()));
        if (!entry.certain()) {
            return;
        }
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> delete(client, entry);
            case 3, 4 -> copy(client, entry);
            case 5 -> deleteMany(client);
            case 6, 7 -> multipart(client, entry);
            case 8 -> changeBucket(client);
            case 9, 10 -> read(client, entry);
            case 11, 12 -> races.run(client, random);
            default -> put(client, entry);
        }
    }

    private void put(S3Client client, Entry entry) throws IOException {
        Content content = Content.single(random.nextLong(), size());
        List<String> headers = new ArrayList<>(List.of(
                "x-amz-meta-seed", Long.toString(content.pieces().getFirst().seed())));
        if (random.nextInt(4) == 0) {
            entry.settled()
                    .ifPresentOrElse(
                            old -> headers.addAll(
                                    old.etag().isEmpty() ? List.of() : List.of("If-Match", "\"" + old.etag() + "\"")),
                            () -> headers.addAll(List.of("If-None-Match", "*")));
        }
        attempt(
                entry,
                Optional.of(content),
                () -> client.put(entry.path(), content.bytes(), headers.toArray(String[]::new)));
    }

    private void delete(S3Client client, Entry entry) throws IOException {
        attempt(entry, Optional.empty(), () -> client.delete(entry.path()));
    }

    private void copy(S3Client client, Entry target) throws IOException {
        Entry source = keys.get(random.nextInt(keys.size()));
        if (source == target || !source.certain() || source.settled().isEmpty()) {
            return;
        }
        Content content = source.settled().orElseThrow().copy("");
        target.begin(Optional.of(content));
        Answer answer = client.put(target.path(), new byte[0], "x-amz-copy-source", source.path());
        if (answer.done()) {
            target.settle(Optional.of(content.copy(answer.element("ETag"))));
            ledger.acknowledge();
        } else {
            notDone(target, Optional.of(content), answer);
        }
    }

    private void deleteMany(S3Client client) throws IOException {
        List<Entry> chosen = keys.stream()
                .filter(entry -> entry.certain() && random.nextInt(8) == 0)
                .toList();
        if (chosen.isEmpty()) {
            return;
        }
        StringBuilder xml = new StringBuilder("<Delete>");
        chosen.forEach(entry -> xml.append("<Object><Key>").append(entry.key()).append("</Key></Object>"));
        byte[] body = xml.append("</Delete>").toString().getBytes(StandardCharsets.UTF_8);
        chosen.forEach(entry -> entry.begin(Optional.empty()));
        Answer answer = client.send("POST", "/" + Ledger.BUCKET, "delete=", body, "Content-MD5", Md5.base64(body));
        List<String> deleted = answer.elements("Key");
        for (Entry entry : chosen) {
            if (answer.status() == 200 && !answer.text().contains("<Error>") && deleted.contains(entry.key())) {
                entry.settle(Optional.empty());
                ledger.acknowledge();
            } else {
                ledger.doubt();
            }
        }
    }

    private void multipart(S3Client client, Entry entry) throws IOException {
        Optional<Upload> open = uploads.stream()
                .filter(upload -> upload.state == Upload.State.OPEN)
                .findAny();
        if (open.isPresent() && (random.nextBoolean() || uploads.size() >= OPEN_UPLOADS_MAX)) {
            finish(client, open.get());
            return;
        }
        if (uploads.size() >= OPEN_UPLOADS_MAX || largest < PARTS_FROM) {
            return;
        }
        Answer created = client.send("POST", entry.path(), "uploads=", new byte[0]);
        if (!created.done()) {
            unexpected("create upload", entry, created);
            return;
        }
        Upload upload = ledger.upload(entry, created.element("UploadId"));
        uploads.add(upload);
        int count = 1 + random.nextInt(2);
        for (int number = 1; number <= count; number++) {
            int bytes = number < count ? PART_BYTES_MIN : 1 + random.nextInt(200_000);
            Content.Piece part = new Content.Piece(random.nextLong(), bytes);
            Answer answer =
                    client.send("PUT", entry.path(), "partNumber=" + number + "&" + upload.query(), part.bytes());
            if (!answer.done()) {
                unexpected("upload part", entry, answer);
                return;
            }
            upload.parts.put(number, part);
            ledger.acknowledge();
        }
        if (random.nextInt(3) > 0) {
            finish(client, upload);
        }
    }

    private void finish(S3Client client, Upload upload) throws IOException {
        if (upload.parts.isEmpty() || random.nextInt(5) == 0) {
            upload.state = Upload.State.ABORTING;
            Answer answer = client.send("DELETE", upload.entry.path(), upload.query(), new byte[0]);
            if (answer.done()) {
                ledger.acknowledge();
                upload.state = Upload.State.GONE;
            }
            return;
        }
        if (!upload.entry.certain()) {
            return;
        }
        upload.state = Upload.State.COMPLETING;
        boolean done = attempt(
                upload.entry,
                Optional.of(upload.content()),
                () -> client.send(
                        "POST",
                        upload.entry.path(),
                        upload.query(),
                        upload.completion().getBytes(StandardCharsets.UTF_8)));
        if (done) {
            upload.state = Upload.State.GONE;
        }
    }

    private void changeBucket(S3Client client) throws IOException {
        if (!bucket.certain()) {
            return;
        }
        if (bucket.settled().isPresent()) {
            attempt(bucket, Optional.empty(), () -> client.delete(bucket.path()));
        } else {
            attempt(bucket, Optional.of(Content.single(0, 0)), () -> client.put(bucket.path(), new byte[0]));
        }
    }

    private void read(S3Client client, Entry entry) throws IOException {
        Answer answer = client.get(entry.path());
        if (answer.status() / 100 == 5) {
            return;
        }
        boolean right = entry.settled()
                .map(content -> answer.status() == 200 && content.is(answer.body()))
                .orElse(answer.status() == 404);
        if (!right) {
            ledger.breach(
                    "read of " + entry.path() + " under load: " + answer.status() + " with " + answer.body().length
                            + " bytes, expected " + entry.settled().map(Content::size));
        }
    }

    /** A request as it is made. */
    @FunctionalInterface
    private interface Request {
        Answer send() throws IOException;
    }

    private boolean attempt(Entry entry, Optional<Content> outcome, Request request) throws IOException {
        entry.begin(outcome);
        Answer answer = request.send();
        if (answer.done()) {
            entry.settle(outcome);
            ledger.acknowledge();
            outcome.filter(content ->
                            !answer.etag().isEmpty() && !content.etag().equals(answer.etag()))
                    .ifPresent(content ->
                            ledger.breach(entry.path() + " got tag " + answer.etag() + ", not " + content.etag()));
            return true;
        }
        notDone(entry, outcome, answer);
        return false;
    }

    private void notDone(Entry entry, Optional<Content> outcome, Answer answer) {
        if (answer.refused()) {
            entry.refuse(outcome);
            unexpected("write", entry, answer);
        } else {
            ledger.doubt();
        }
    }

    /** Nothing that this client asks for may be refused; a server in trouble may say so. */
    private void unexpected(String what, Entry entry, Answer answer) {
        if (answer.refused()) {
            ledger.breach(what + " of " + entry.path() + " was refused: " + answer);
        }
    }

    private int size() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> random.nextInt(4 << 10);
            case 4, 5, 6 -> random.nextInt(100 << 10);
            case 7, 8 -> random.nextInt(Math.min(largest, 1_200_000));
            default -> random.nextInt(largest);
        };
    }
}
