package io.cairn.consensus;

import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import io.cairn.model.UncertainFault;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** A command between its submitter and the log. The submitter waits; the combiner and Ratis's threads answer. */
final class Pending {
    private enum Place {
        QUEUED,
        SENT,
        ABANDONED
    }

    private final byte[] command;
    private final CompletableFuture<byte[]> outcome = new CompletableFuture<>();
    private final AtomicReference<Place> place = new AtomicReference<>(Place.QUEUED);

    Pending(byte[] command) {
        this.command = command;
    }

    byte[] command() {
        return command;
    }

    /** Claims the command for an entry; false when its submitter has gone. */
    boolean send() {
        return place.compareAndSet(Place.QUEUED, Place.SENT);
    }

    void answer(byte[] bytes) {
        outcome.complete(bytes);
    }

    void refuse(StorageFault fault) {
        outcome.completeExceptionally(fault);
    }

    /** Waits for the answer; a command still queued at the end of the wait is withdrawn for certain. */
    byte[] await(Duration limit) {
        try {
            return outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw gaveUp("no answer within " + limit.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gaveUp("the submitter was interrupted", e);
        } catch (ExecutionException e) {
            throw thrown(e);
        }
    }

    /** The fault again, with the submitter's own stack. */
    private static StorageFault thrown(ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        String message = String.valueOf(cause.getMessage());
        return cause instanceof UnavailableFault
                ? new UnavailableFault(message, cause)
                : new UncertainFault(message, cause);
    }

    private StorageFault gaveUp(String why, Exception cause) {
        return place.compareAndSet(Place.QUEUED, Place.ABANDONED)
                ? new UnavailableFault("the command did not enter the log: " + why, cause)
                : new UncertainFault("the command may have entered the log: " + why, cause);
    }
}
