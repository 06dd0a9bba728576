package io.cairn.acceptance.crash;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What clients were told: per key the acknowledged state and the states in doubt, the open uploads, the buckets, and
 * every breach of a promise. It lives in the test and survives all crashes of the daemon. Thread-safe.
 */
final class Ledger {
    static final String BUCKET = "crash";

    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final List<Upload> uploads = new CopyOnWriteArrayList<>();
    private final List<Entry> buckets = new CopyOnWriteArrayList<>();
    private static final int BREACHES_SHOWN = 6;

    private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong doubted = new AtomicLong();

    Entry entry(String key) {
        return added(entries, new Entry("/" + BUCKET + "/" + key, false));
    }

    /** A key that is only ever created. */
    Entry track(String key) {
        return added(entries, new Entry("/" + BUCKET + "/" + key, true));
    }

    private static Entry added(List<Entry> list, Entry entry) {
        list.add(entry);
        return entry;
    }

    /** A bucket is an entry too: any content means that it is there. */
    Entry bucket(String name) {
        return added(buckets, new Entry("/" + name, false));
    }

    Upload upload(Entry entry, String id) {
        Upload upload = new Upload(entry, id);
        uploads.add(upload);
        return upload;
    }

    void forget(Upload upload) {
        uploads.remove(upload);
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    List<Entry> buckets() {
        return List.copyOf(buckets);
    }

    List<Upload> uploads() {
        return List.copyOf(uploads);
    }

    void acknowledge() {
        acknowledged.incrementAndGet();
    }

    long acknowledgedWrites() {
        return acknowledged.get();
    }

    void doubt() {
        doubted.incrementAndGet();
    }

    /** A promise that was not kept. */
    void breach(String what) {
        breaches.add(what);
    }

    /** The first breaches. */
    List<String> breaches() {
        return breaches.stream().limit(BREACHES_SHOWN).toList();
    }

    @Override
    public String toString() {
        return acknowledged + " writes acknowledged, " + doubted + " in doubt, " + entries.size() + " keys, "
                + uploads.size() + " open uploads, " + breaches.size() + " breaches";
    }
}
