package io.cairn.engine;

import io.cairn.base.ByteCount;
import java.time.Duration;

/**
 * The engine's bounds and paces.
 *
 * @param uploadMemory the most that content on its way to the drives may take, over all requests
 * @param stripeBytes the length of a stripe of a large object
 * @param memoryWait how long a request waits for memory before it is told to slow down
 * @param slowDriveGrace how long a stripe waits for its last shards once its quorum is durable
 * @param driveWait how long a stripe waits for its quorum
 * @param readPatience how long a drive may take for a read before another drive is asked
 * @param lostDriveGrace how long a drive may be in trouble before its shards are rebuilt elsewhere
 * @param scrubBytesPerSecond the pace at which stored shards are re-read and verified; zero turns scrubbing off
 */
public record EngineOptions(
        ByteCount uploadMemory,
        int stripeBytes,
        Duration memoryWait,
        Duration slowDriveGrace,
        Duration driveWait,
        Duration readPatience,
        Duration lostDriveGrace,
        long scrubBytesPerSecond) {
    private static final int STRIPE_BYTES = 1 << 20;
    private static final long SCRUB_BYTES_PER_SECOND = 4L << 20;

    public EngineOptions {
        if (stripeBytes < StripeBuffers.SMALL_STRIPE_BYTES || uploadMemory.bytes() < 8L * stripeBytes) {
            throw new IllegalArgumentException("upload memory must hold at least eight stripes of at least 128 KiB");
        }
    }

    /** What a node uses when nothing else is said. */
    public static EngineOptions defaults() {
        return new EngineOptions(
                ByteCount.mebibytes(192),
                STRIPE_BYTES,
                Duration.ofSeconds(20),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                SCRUB_BYTES_PER_SECOND);
    }

    public EngineOptions withLostDriveGrace(Duration grace) {
        return new EngineOptions(
                uploadMemory,
                stripeBytes,
                memoryWait,
                slowDriveGrace,
                driveWait,
                readPatience,
                grace,
                scrubBytesPerSecond);
    }
}
