package io.cairn.repository.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A few calls at once; the first fault of one ends it. One thread gives the calls. */
final class Parallel implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorCompletionService<Boolean> done = new ExecutorCompletionService<>(threads);
    private final int most;
    private int running;

    Parallel(int most) {
        this.most = most;
    }

    /** Starts the call when fewer than so many are running. */
    void run(Runnable call) {
        if (running == most) {
            await();
        }
        done.submit(call, true);
        running++;
    }

    void finish() {
        while (running > 0) {
            await();
        }
    }

    private void await() {
        try {
            running--;
            done.take().get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RepositoryFault fault) {
                throw fault;
            }
            throw new IllegalStateException("a call failed as none should", failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new RepositoryFault.Unavailable("interrupted", false, stop);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
