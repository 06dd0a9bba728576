package io.cairn.s3;

import io.cairn.base.Entropy;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives each request an id that no other has: a random start and a count, scrambled so that ids look unlike.
 * Thread-safe.
 */
final class RequestIds {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final long ODD = 0x9E3779B97F4A7C15L;
    private static final int HOST_BYTES = 24;

    private final AtomicLong count;
    private final String host;

    RequestIds(Entropy entropy) {
        count = new AtomicLong(entropy.nextLong());
        host = Base64.getEncoder().encodeToString(entropy.bytes(HOST_BYTES));
    }

    /** Sixteen hexadecimal digits; multiplying by an odd number keeps different counts different. */
    String next() {
        return HEX.toHexDigits(count.incrementAndGet() * ODD);
    }

    /** What stands for this server in {@code x-amz-id-2}; chosen at start, tells nothing. */
    String host() {
        return host;
    }
}
