package io.cairn.engine;

import io.cairn.model.DriveFault;
import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The shards of one stripe on their way to stable storage. Owned by the thread that writes the blob; the drives
 * complete the futures on threads of their own.
 */
final class StripeTicket {
    private final String name;
    private final int quorum;
    private final List<CompletableFuture<Void>> shards;
    private final CompletableFuture<Void> decided = new CompletableFuture<>();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private int durable;
    private int failed;
    private @Nullable Throwable failure;
    private boolean lingering;

    /** Shards that found no drive at all are passed as futures that have failed already. */
    StripeTicket(String name, int quorum, List<CompletableFuture<Void>> shards) {
        this.name = name;
        this.quorum = quorum;
        this.shards = shards;
        shards.forEach(shard -> shard.whenComplete((_, fault) -> note(fault)));
    }

    private synchronized void note(@Nullable Throwable fault) {
        if (fault == null) {
            durable++;
        } else {
            failed++;
            failure = failure == null ? fault : failure;
            lingering |= fault instanceof DriveFault drive && drive.kind() == DriveFault.Kind.HUNG;
        }
        if (durable >= quorum || failed > shards.size() - quorum) {
            decided.complete(null);
        }
        if (durable + failed == shards.size()) {
            finished.complete(null);
        }
    }

    /**
     * Waits for the quorum, and then a little for the rest.
     *
     * @return whether every shard is durable
     * @throws UnavailableFault when the quorum cannot be reached, or was not in time
     */
    boolean await(EngineOptions options) {
        waitFor(decided, options.driveWait().toNanos());
        synchronized (this) {
            if (durable < quorum) {
                throw new UnavailableFault(
                        "write of " + name + ": " + durable + " of " + quorum + " needed shards are durable, " + failed
                                + " failed; check the drives with `cairn drive ls`",
                        failure == null ? new TimeoutException("a drive is slow") : failure);
            }
        }
        waitFor(finished, options.slowDriveGrace().toNanos());
        synchronized (this) {
            return durable == shards.size();
        }
    }

    /** Whether no drive is using the payload any more. */
    synchronized boolean idle() {
        return finished.isDone() && !lingering;
    }

    private static void waitFor(CompletableFuture<Void> event, long nanos) {
        try {
            event.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableFault("interrupted while waiting for the drives", interrupted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a plain event cannot fail", impossible);
        }
    }

    /** The fault that a failed append carries, as one of ours. */
    static CompletableFuture<Void> failed(StorageFault fault) {
        return CompletableFuture.failedFuture(fault);
    }
}
