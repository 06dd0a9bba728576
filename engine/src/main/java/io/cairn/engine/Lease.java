package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.BlobId;
import io.cairn.model.Command;
import io.cairn.model.Outcome;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The gateway's right to name blobs: an epoch that the metadata gave out, and a counter. A fresh epoch is taken at
 * start and whenever the metadata says that ours has ended. Thread-safe.
 */
final class Lease {
    private final Metadata metadata;
    private final String gateway;
    private final Clock clock;
    private final AtomicLong next;

    Lease(Metadata metadata, String gateway, Clock clock) {
        this.metadata = metadata;
        this.gateway = gateway;
        this.clock = clock;
        this.next = new AtomicLong(firstOf(acquire()));
    }

    /** A name that was never used before, here or anywhere. */
    BlobId nextBlob() {
        return new BlobId(next.getAndIncrement());
    }

    /** The epoch in force. Every blob of an earlier one is either committed by now or never will be. */
    long epoch() {
        return new BlobId(next.get()).epoch();
    }

    /** Takes a new epoch, unless another thread did since {@code ended} was in force. */
    synchronized void renew(long ended) {
        if (new BlobId(next.get()).epoch() == ended) {
            next.set(firstOf(acquire()));
        }
    }

    private long acquire() {
        Outcome outcome = metadata.apply(new Command.AcquireLease(gateway, clock.now()));
        if (outcome instanceof Outcome.Leased(long epoch)) {
            return epoch;
        }
        throw new IllegalStateException("the metadata answered a lease with " + outcome);
    }

    private static long firstOf(long epoch) {
        return BlobId.of(epoch, 0).value();
    }
}
