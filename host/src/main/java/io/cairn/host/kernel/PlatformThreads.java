package io.cairn.host.kernel;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A bounded pool of platform threads for system calls of virtual threads: a call that waits for a disk, or for a server
 * that is gone, would keep its carrier, and with it every other virtual thread, from running. Safe for many threads.
 */
public final class PlatformThreads {
    private static final int THREADS = 16;
    private static final int WAITING_MAX = 1024;
    private static final int IDLE_SECONDS = 30;

    private static final ThreadPoolExecutor POOL = pool();

    private PlatformThreads() {}

    private static ThreadPoolExecutor pool() {
        ThreadFactory names =
                Thread.ofPlatform().daemon().name("cairn-host-", 0).factory();
        var pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), names);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Does the work here when this is a platform thread, otherwise on one of the pool, and waits for it. */
    public static <T> T call(Supplier<T> work) {
        return Thread.currentThread().isVirtual() ? await(submit(work)) : work.get();
    }

    /** As {@link #call}, for work that answers nothing. */
    public static void run(Runnable work) {
        Boolean _ = call(() -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    private static <T> Future<T> submit(Supplier<T> work) {
        try {
            return POOL.submit(work::get);
        } catch (RejectedExecutionException full) {
            throw new HostFault(
                    "too many system calls wait for the kernel: " + WAITING_MAX + "; is a disk or a server hanging?",
                    Errno.EAGAIN,
                    full);
        }
    }

    /** A system call cannot be taken back: an interrupt is kept for afterwards. */
    private static <T> T await(Future<T> result) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw rethrown(Objects.requireNonNullElse(failed.getCause(), failed));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        return switch (cause) {
            case HostFault fault -> new HostFault(fault.getMessage(), fault.errno(), fault);
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            case Throwable other -> new IllegalStateException("a system call's thread failed", other);
        };
    }
}
