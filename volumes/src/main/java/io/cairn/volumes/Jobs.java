package io.cairn.volumes;

import io.cairn.volumes.spec.VolumeId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Long work on volumes in the background, one piece per volume, each on a virtual thread. Work that fails is begun
 * again by the next reconciliation, because it is a debt in the volume's record. Safe for many threads.
 */
final class Jobs {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    private final Map<VolumeId, String> running = new ConcurrentHashMap<>();

    /** What goes on for the volume. */
    Optional<String> running(VolumeId id) {
        return Optional.ofNullable(running.get(id));
    }

    /** Starts work unless some goes on for the volume already. The thread ends with it. */
    Optional<Thread> start(VolumeId id, String what, Runnable work) {
        if (running.putIfAbsent(id, what) != null) {
            return Optional.empty();
        }
        return Optional.of(Thread.ofVirtual().name("volume-job-" + id).start(() -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                LOG.warn("{} of volume {} failed and will be tried again: {}", what, id, failure.getMessage());
            } finally {
                running.remove(id);
            }
        }));
    }
}
