package io.cairn.host.linux;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A short wait between two looks at the kernel, for what it tells nobody about. Stateless. */
final class Pause {
    private Pause() {}

    static void of(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
