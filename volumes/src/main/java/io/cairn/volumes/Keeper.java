package io.cairn.volumes;

import io.cairn.host.HostFault;
import io.cairn.volumes.keys.KeyFault;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that looks after volumes: watches pools every few seconds, reconciles every half minute. */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration SOON = Duration.ofMillis(250);
    private static final Duration CALM = Duration.ofSeconds(2);
    private static final Duration RECONCILE = Duration.ofSeconds(30);

    private final BooleanSupplier watch;
    private final Runnable reconcile;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /** {@code watch} says whether it wants to look again soon. */
    Keeper(BooleanSupplier watch, Runnable reconcile) {
        this.watch = watch;
        this.reconcile = reconcile;
        this.thread = Thread.ofPlatform().name("volumes-keeper").daemon().start(this::run);
    }

    private void run() {
        try {
            Duration since = Duration.ZERO;
            boolean soon = false;
            while (!stopped.await((soon ? SOON : CALM).toMillis(), TimeUnit.MILLISECONDS)) {
                since = since.plus(soon ? SOON : CALM);
                soon = turn(since.compareTo(RECONCILE) >= 0);
                since = since.compareTo(RECONCILE) >= 0 ? Duration.ZERO : since;
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean turn(boolean whole) {
        try {
            if (whole) {
                reconcile.run();
            }
            return watch.getAsBoolean();
        } catch (HostFault | VolumesFault | KeyFault failure) {
            LOG.warn("looking after volumes failed and is tried again: {}", failure.getMessage());
            return true;
        }
    }

    /** Ends the thread, and waits for it. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
