package io.cairn.engine;

import io.cairn.base.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that its caller waits for only so long. Run by a thread of its own, awaited by one other; either the answer is
 * taken, or the call is given up and comes back to nobody.
 */
final class GivenTime<T> implements Runnable {
    private enum State {
        RUNNING,
        RETURNED,
        GIVEN_UP
    }

    private final Clock clock;
    private final Supplier<T> call;
    private final Runnable cameBack;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    /** @param cameBack told when a call that was given up has ended after all */
    GivenTime(Clock clock, Supplier<T> call, Runnable cameBack) {
        this.clock = clock;
        this.call = call;
        this.cameBack = cameBack;
    }

    @Override
    public void run() {
        try {
            T value = call.get();
            end();
            answer.complete(value);
        } catch (Throwable fault) {
            end();
            answer.completeExceptionally(fault);
        }
    }

    private void end() {
        if (!state.compareAndSet(State.RUNNING, State.RETURNED)) {
            cameBack.run();
        }
    }

    /**
     * The answer, or the call's own exception. An interrupt does not cut the wait short, since the call goes on using
     * what it was given; it is kept.
     *
     * @param late makes the exception for a call that has not returned in time, and is given up
     */
    T await(Duration limit, Supplier<? extends RuntimeException> late) {
        long end = clock.nanos() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(end - clock.nanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException kept) {
                    interrupted = true;
                } catch (TimeoutException overdue) {
                    if (state.compareAndSet(State.RUNNING, State.GIVEN_UP)) {
                        throw late.get();
                    }
                    end += limit.toNanos();
                } catch (ExecutionException failed) {
                    throw thrown(failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException thrown(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException fault -> fault;
            case Error defect -> throw defect;
            case null, default -> new IllegalStateException(cause);
        };
    }
}
