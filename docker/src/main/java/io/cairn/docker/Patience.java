package io.cairn.docker;

import io.cairn.base.Checks;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Work that is waited for so long and no longer. What takes longer goes on by itself, and its result is handed to
 * somebody who knows that nobody waited for it. Work runs on a bounded number of platform threads, because it makes
 * system calls that may hang (an NFS server that is gone), and those would hold up every virtual thread. Thread-safe.
 */
final class Patience {
    private static final int WAITING_MAX = 1024;
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    Patience(String name, int threadsMax) {
        threads = new ThreadPoolExecutor(
                threadsMax,
                threadsMax,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().name(name + "-", 1).daemon(true).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** How waiting ended. */
    sealed interface End<T> {
        record Done<T>(T value) implements End<T> {}

        /** Nobody waits any more; the work goes on. */
        record Late<T>() implements End<T> {}

        /** Too much waits already; the work was not begun. */
        record Crowded<T>() implements End<T> {}
    }

    /**
     * Does the work on a thread of its own and waits for it. What it throws in time is thrown here; what it returns or
     * throws too late is given to {@code afterwards}.
     */
    <T> End<T> await(Duration limit, Callable<T> work, Consumer<CompletableFuture<T>> afterwards) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        AtomicBoolean taken = new AtomicBoolean();
        try {
            threads.execute(() -> {
                run(work, result);
                if (taken.getAndSet(true)) {
                    afterwards.accept(result);
                }
            });
        } catch (RejectedExecutionException full) {
            return new End.Crowded<>();
        }
        try {
            return new End.Done<>(result.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | InterruptedException late) {
            return taken.getAndSet(true) ? new End.Done<>(value(result)) : new End.Late<>();
        } catch (ExecutionException failed) {
            throw cause(failed);
        }
    }

    /** The root of the work's thread. */
    private static <T> void run(Callable<T> work, CompletableFuture<T> result) {
        try {
            result.complete(work.call());
        } catch (Throwable failure) {
            result.completeExceptionally(failure);
        }
    }

    private static <T> T value(CompletableFuture<T> result) throws Exception {
        Checks.check(result.isDone(), "a result that was taken is there");
        try {
            return result.get();
        } catch (ExecutionException failed) {
            throw cause(failed);
        }
    }

    private static Exception cause(ExecutionException failed) {
        return switch (failed.getCause()) {
            case Exception fault -> fault;
            case Error error -> throw error;
            case null, default -> failed;
        };
    }
}
