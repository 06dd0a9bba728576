package io.cairn.repository;

import io.cairn.base.Checks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Threads for computing, one per core, with a bound on the bytes that wait for them. Tasks never wait for other tasks
 * here. Safe for use by many threads.
 */
final class Workers implements AutoCloseable {
    private static final int KIB = 1 << 10;
    private static final int WAITING_KIB = 16 << 10;

    private final ExecutorService threads;
    private final Semaphore waiting = new Semaphore(WAITING_KIB);

    Workers(String name) {
        int cores = Runtime.getRuntime().availableProcessors();
        threads = Executors.newFixedThreadPool(
                cores, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /** Hands over a task that keeps about {@code bytes} in memory; waits while too many bytes wait. */
    <T> CompletableFuture<T> submit(long bytes, Supplier<T> task) {
        int permits = (int) Math.clamp(bytes / KIB, 1, WAITING_KIB / 4);
        waiting.acquireUninterruptibly(permits);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return task.get();
                    } finally {
                        waiting.release(permits);
                    }
                },
                threads);
    }

    /** The result of a task, or what it threw. */
    static <T> T result(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        Checks.check(threads.isShutdown(), "workers have been told to stop");
    }
}
