package io.cairn.backup.bucket;

import io.cairn.client.Bucket;
import io.cairn.client.Listed;
import io.cairn.client.ObjectContent;
import io.cairn.client.ObjectHead;
import io.cairn.client.S3Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads objects, small ones ahead of their turn, because each costs a round trip. Bounded by whoever asks. Safe for use
 * by many threads.
 */
final class Fetching implements AutoCloseable {
    private static final long AHEAD_BYTES_MAX = 1 << 20;

    private final Bucket bucket;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Fetching(Bucket bucket) {
        this.bucket = bucket;
    }

    /** An object whose head is known, and a stream of its bytes. Close it. */
    record Fetched(ObjectHead head, Map<String, String> tags, InputStream stream) implements AutoCloseable {
        @Override
        public void close() {
            try {
                stream.close();
            } catch (IOException broken) {
                return;
            }
        }
    }

    /** What comes when it is its turn; empty when it is not there any more. */
    @FunctionalInterface
    interface Turn {
        Optional<Fetched> take();
    }

    Turn begin(Listed listed) {
        if (listed.size() > AHEAD_BYTES_MAX) {
            return () -> open(listed);
        }
        Future<Optional<Fetched>> future = threads.submit(() -> whole(listed));
        return () -> result(future);
    }

    private Optional<Fetched> open(Listed listed) {
        Optional<ObjectContent> content = bucket.get(listed.key(), version(listed));
        return content.map(found -> new Fetched(found.head(), tags(listed, found.head()), found.stream()));
    }

    private Optional<Fetched> whole(Listed listed) throws IOException {
        Optional<Fetched> opened = open(listed);
        if (opened.isEmpty()) {
            return opened;
        }
        try (Fetched fetched = opened.get()) {
            byte[] bytes = fetched.stream().readAllBytes();
            return Optional.of(new Fetched(fetched.head(), fetched.tags(), new java.io.ByteArrayInputStream(bytes)));
        }
    }

    private Map<String, String> tags(Listed listed, ObjectHead head) {
        return head.tagCount() == 0 ? Map.of() : bucket.tags(listed.key(), version(listed));
    }

    /** Tags change without a trace in a listing. */
    Map<String, String> tags(Listed listed) {
        return bucket.tags(listed.key(), version(listed));
    }

    private static Optional<String> version(Listed listed) {
        return Optional.of(listed.version()).filter(id -> !id.isEmpty());
    }

    private static Optional<Fetched> result(Future<Optional<Fetched>> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof S3Fault fault) {
                throw fault;
            }
            throw new IllegalStateException("reading an object failed as nothing should", failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new S3Fault.Unreachable("interrupted while an object was read", stop);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
