package io.cairn.acceptance.crash;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Compares what the store shows with what the ledger allows: contents byte for byte, heads, listings, uploads and
 * buckets. What it saw is written into the ledger as a promise. One thread.
 */
final class Audit {
    private static final int READERS = 4;
    private static final int PAGE = 61;

    private final Ledger ledger;
    private final S3Client client;

    Audit(Ledger ledger, S3Client client) {
        this.ledger = ledger;
        this.client = client;
    }

    /** Reads the chosen entries and everything in doubt, and all names. */
    void run(Predicate<Entry> chosen) throws IOException, InterruptedException {
        List<Entry> due = ledger.entries().stream()
                .filter(entry -> entry.touched() || chosen.test(entry))
                .toList();
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<?>> reads = due.stream()
                    .<Future<?>>map(entry -> readers.submit(() -> {
                        read(entry);
                        return null;
                    }))
                    .toList();
            for (Future<?> read : reads) {
                read.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException("the audit was cut short: " + failed.getCause(), failed);
        }
        list();
        buckets();
        for (Upload upload : ledger.uploads()) {
            upload(upload);
        }
    }

    private void read(Entry entry) throws IOException {
        Answer head = client.head(entry.path());
        Answer body = client.get(entry.path());
        Optional<Optional<Content>> found = entry.allowed().stream()
                .filter(content -> matches(content, body))
                .findFirst();
        if (found.isEmpty()) {
            ledger.breach(entry.path() + ": GET answers " + describe(body) + "; allowed: " + entry.allowed());
            return;
        }
        Optional<Content> state =
                found.get().map(content -> content.etag().isEmpty() ? content.copy(body.etag()) : content);
        entry.observed(state);
        check(
                head.status() == body.status(),
                entry.path() + ": HEAD answers " + head.status() + ", GET " + body.status());
        state.ifPresent(content -> {
            check(content.etag().equals(body.etag()), entry.path() + ": tag " + body.etag() + " of " + content);
            check(content.etag().equals(head.etag()), entry.path() + ": tag " + head.etag() + " of " + content);
            String length = head.header("content-length").orElse("");
            check(length.equals(String.valueOf(content.size())), entry.path() + ": HEAD says " + length + " bytes");
            body.header("x-amz-meta-seed")
                    .ifPresent(seed -> check(
                            seed.equals(
                                    String.valueOf(content.pieces().getFirst().seed())),
                            entry.path() + ": metadata of another version, " + seed + " beside " + content));
        });
    }

    private static boolean matches(Optional<Content> content, Answer answer) {
        return content.map(some -> answer.status() == 200 && some.is(answer.body()))
                .orElse(answer.status() == 404);
    }

    private static String describe(Answer answer) {
        return answer.status() == 200 ? "200 with " + answer.body().length + " other bytes" : answer.toString();
    }

    private void check(boolean holds, String breach) {
        if (!holds) {
            ledger.breach(breach);
        }
    }

    /** The listing shows exactly what GET shows, with the same sizes and tags. */
    private void list() throws IOException {
        Map<String, String> listed = new TreeMap<>();
        String token = "";
        String last = "";
        do {
            Answer page = client.query(
                    "/" + Ledger.BUCKET,
                    (token.isEmpty() ? "" : "continuation-token=" + percent(token) + "&") + "list-type=2&max-keys="
                            + PAGE);
            if (!page.done()) {
                ledger.breach("listing answers " + page);
                return;
            }
            for (String object : page.elements("Contents")) {
                String key = one(object, "Key");
                check(key.compareTo(last) > 0, "listing is out of order: " + key + " behind " + last);
                last = key;
                listed.put(key, one(object, "Size") + " bytes, " + one(object, "ETag"));
            }
            token = page.element("NextContinuationToken");
        } while (!token.isEmpty());
        Map<String, String> expected = new TreeMap<>();
        for (Entry entry : ledger.entries()) {
            entry.settled()
                    .ifPresent(content -> expected.put(entry.key(), content.size() + " bytes, " + content.etag()));
        }
        differences("listing", expected, listed);
    }

    private void differences(String what, Map<String, String> expected, Map<String, String> found) {
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        for (String name : names) {
            String promised = expected.getOrDefault(name, "nothing");
            String shown = found.getOrDefault(name, "nothing");
            check(promised.equals(shown), what + " shows " + shown + " for " + name + ", expected " + promised);
        }
    }

    private void buckets() throws IOException {
        Map<String, String> expected = new HashMap<>(Map.of(Ledger.BUCKET, "there"));
        for (Entry bucket : ledger.buckets()) {
            Answer head = client.head(bucket.path());
            boolean there = head.status() == 200;
            Optional<Optional<Content>> found = bucket.allowed().stream()
                    .filter(state -> state.isPresent() == there && (there || head.status() == 404))
                    .findFirst();
            if (found.isEmpty()) {
                ledger.breach("bucket " + bucket.path() + " answers " + head + "; allowed: " + bucket.allowed());
                continue;
            }
            bucket.observed(found.get());
            if (there) {
                expected.put(bucket.path().substring(1), "there");
            }
        }
        Map<String, String> listed = new HashMap<>();
        client.get("/").elements("Name").forEach(name -> listed.put(name, "there"));
        differences("list of buckets", expected, listed);
    }

    /** An upload is there with all acknowledged parts, or, when its end was asked for, ended as a whole. */
    private void upload(Upload upload) throws IOException {
        Answer parts = client.query(upload.entry.path(), upload.query());
        boolean gone = parts.status() == 404;
        boolean visible = upload.entry.settled().equals(Optional.of(upload.content()));
        boolean ended = switch (upload.state) {
            case OPEN -> false;
            case COMPLETING -> visible;
            case ABORTING -> gone;
            case GONE -> true;
        };
        String name = "upload " + upload.id + " of " + upload.entry.path() + " (" + upload.state + ")";
        if (ended) {
            check(gone, name + " is still there: " + parts);
            upload.state = Upload.State.GONE;
            ledger.forget(upload);
            return;
        }
        if (!parts.done()) {
            ledger.breach(name + " answers " + parts);
            return;
        }
        Map<String, String> shown = new TreeMap<>();
        for (String part : parts.elements("Part")) {
            shown.put(one(part, "PartNumber"), one(part, "Size") + " bytes, " + one(part, "ETag"));
        }
        upload.parts.forEach((number, piece) -> {
            String promised = piece.size() + " bytes, " + piece.md5();
            String found = shown.getOrDefault(number.toString(), "nothing");
            check(found.equals(promised), name + " shows " + found + " for part " + number + ", not " + promised);
        });
        upload.state = Upload.State.OPEN;
    }

    private static String one(String xml, String name) {
        List<String> all = Answer.elements(xml, name);
        return all.isEmpty() ? "" : all.getFirst();
    }

    private static String percent(String text) {
        return io.cairn.wire.Percent.encode(text);
    }
}
