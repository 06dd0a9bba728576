package io.cairn.backup.bucket;

import io.cairn.client.Attributes;
import io.cairn.client.Body;
import io.cairn.client.Bucket;
import io.cairn.client.Listed;
import io.cairn.client.MultipartUpload;
import io.cairn.client.Put;
import io.cairn.client.S3Fault;
import io.cairn.repository.Progress;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.Node;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** Writes keys into a bucket, several at once, the versions of each in their order. Given keys by one thread. */
final class KeyRestore implements AutoCloseable {
    private static final long MIB = 1L << 20;
    private static final long SINGLE_MAX = 4L << 30;
    private static final long PART_MIN = 5;
    /** Sizes of parts that programs use, in MiB: with the right one, the entity tag comes out the same. */
    private static final long[] PART_SIZES = {8, 16, 5, 10, 15, 25, 32, 50, 64, 100, 128, 256, 512, 1024};

    private final Bucket bucket;
    private final SnapshotReader reader;
    private final boolean versioned;
    private final Progress progress;
    private final int most;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorCompletionService<Boolean> done = new ExecutorCompletionService<>(threads);
    private final LongAdder versions = new LongAdder();
    private final LongAdder markers = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private int running;

    KeyRestore(Bucket bucket, SnapshotReader reader, boolean versioned, Progress progress, int most) {
        this.bucket = bucket;
        this.reader = reader;
        this.versioned = versioned;
        this.progress = progress;
        this.most = most;
    }

    /** Starts on a key when fewer than so many are being written. */
    void key(String key, List<BucketRestore.Version> oldestFirst) {
        if (running == most) {
            await();
        }
        done.submit(() -> write(key, oldestFirst), true);
        running++;
    }

    BucketRestore.Result finish(long keys) {
        while (running > 0) {
            await();
        }
        return new BucketRestore.Result(keys, versions.sum(), markers.sum(), bytes.sum());
    }

    private void await() {
        try {
            running--;
            done.take().get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case S3Fault fault -> throw fault;
                case RepositoryFault fault -> throw fault;
                case null, default -> throw new IllegalStateException("a put failed as none should", failed.getCause());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new S3Fault.Unreachable("interrupted while restoring", stop);
        }
    }

    private void write(String key, List<BucketRestore.Version> oldestFirst) {
        Set<String> ours = new HashSet<>();
        boolean twice = false;
        for (BucketRestore.Version version : oldestFirst) {
            if (version.note().deleteMarker()) {
                ours.add(bucket.deleteMarker(key));
                markers.increment();
            } else {
                Put.Stored stored = store(key, version);
                twice |= stored.tries() > 1;
                ours.add(stored.version());
                versions.increment();
                bytes.add(version.node().size());
                progress.done(version.node().size());
            }
        }
        if (twice && versioned) {
            removeOthers(key, ours);
        }
    }

    /** A put that was made again after its answer was lost has made two versions. */
    private void removeOthers(String key, Set<String> ours) {
        bucket.versions(key).forEachRemaining(page -> {
            for (Listed entry : page) {
                if (entry.key().equals(key) && !ours.contains(entry.version())) {
                    bucket.delete(key, Optional.of(entry.version()));
                }
            }
        });
    }

    private Put.Stored store(String key, BucketRestore.Version version) {
        Node node = version.node();
        Attributes attributes = version.note().attributes();
        int dash = version.note().etag().lastIndexOf('-');
        if (dash < 0 && node.size() <= SINGLE_MAX) {
            Put.Stored stored = bucket.put(key, part(node, 0, node.size()), attributes);
            compare(key, version.note().etag(), stored.etag());
            return stored;
        }
        long size = partSize(node.size(), dash < 0 ? "" : version.note().etag().substring(dash + 1));
        try (MultipartUpload upload = bucket.multipart(key, attributes)) {
            long at = 0;
            do {
                upload.part(part(node, at, Math.min(size, node.size() - at)));
                at += size;
            } while (at < node.size());
            return upload.complete();
        }
    }

    /** Both are MD5 where neither side encrypts with keys of its own. */
    private static void compare(String key, String before, String after) {
        boolean plain = before.matches("[0-9a-f]{32}") && after.matches("[0-9a-f]{32}");
        if (plain && !before.equals(after)) {
            throw new S3Fault.Damaged("object " + key + " was backed up with entity tag " + before
                    + " and restored with " + after + ": look at both before you trust either");
        }
    }

    private static long partSize(long size, String countText) {
        long count = countText.matches("\\d{1,5}") ? Math.max(1, Long.parseLong(countText)) : 0;
        for (long each : PART_SIZES) {
            if (count > 0 && (size + each * MIB - 1) / (each * MIB) == count) {
                return each * MIB;
            }
        }
        long least = count > 0 ? (size + count - 1) / count : SINGLE_MAX / 8;
        return Math.max(PART_MIN * MIB, (least + MIB - 1) / MIB * MIB);
    }

    private Body part(Node node, long offset, long length) {
        return new Body() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public InputStream open() {
                return reader.content(node, offset);
            }
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
