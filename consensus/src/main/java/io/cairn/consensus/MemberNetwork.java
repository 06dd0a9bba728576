package io.cairn.consensus;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.server.RaftServer;

/**
 * The members of this JVM that can be called by one another. A call runs on a thread of the called member, of which
 * there are few, and the caller waits for a bounded time: a member that hangs in a system call costs the others no more
 * than that, and a member that is taken off the network is refused at once. Safe for use by many threads.
 */
final class MemberNetwork {
    private static final int THREADS_PER_MEMBER = 6;
    private final Map<RaftPeerId, Port> ports = new ConcurrentHashMap<>();

    /** What a call does at the called member. */
    @FunctionalInterface
    interface Call<T> {
        T at(RaftServer server) throws IOException;
    }

    /** A point after which a member's promise is durable. */
    @FunctionalInterface
    interface Settle {
        void settle() throws IOException;
    }

    private record Port(RaftServer server, ThreadPoolExecutor threads, Settle names, Settle restored) {}

    void attach(RaftPeerId peer, String name, RaftServer server, Settle names, Settle restored) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                0,
                THREADS_PER_MEMBER,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("log-rpc-" + name + "-", 0).factory());
        ports.put(peer, new Port(server, threads, names, restored));
    }

    /** Cuts the member off: calls in progress at it go on, their callers are woken by the time limit at the latest. */
    void detach(RaftPeerId peer) {
        Port port = ports.remove(peer);
        if (port != null) {
            port.threads().shutdownNow();
        }
    }

    <T> T call(RaftPeerId peer, Duration limit, Call<T> call) throws IOException {
        Port port = port(peer);
        return await(peer, limit, port, () -> call.at(port.server()));
    }

    /** As {@link #call}, and the answer is given only when the names of the member's files are durable. */
    <T> T callAndSettle(RaftPeerId peer, Duration limit, Call<T> call) throws IOException {
        Port port = port(peer);
        return await(peer, limit, port, () -> {
            T reply = call.at(port.server());
            port.names().settle();
            return reply;
        });
    }

    /** As {@link #call}, and the answer is given only when the member holds what was installed. */
    <T> T callAndRestore(RaftPeerId peer, Duration limit, Call<T> call) throws IOException {
        Port port = port(peer);
        return await(peer, limit, port, () -> {
            T reply = call.at(port.server());
            port.restored().settle();
            return reply;
        });
    }

    void settle(RaftPeerId peer) throws IOException {
        port(peer).names().settle();
    }

    private Port port(RaftPeerId peer) throws IOException {
        Port port = ports.get(peer);
        if (port == null) {
            throw new IOException("log member " + peer + " is not in service");
        }
        return port;
    }

    private static <T> T await(RaftPeerId peer, Duration limit, Port port, java.util.concurrent.Callable<T> work)
            throws IOException {
        Future<T> future;
        try {
            future = port.threads().submit(work);
        } catch (RejectedExecutionException e) {
            throw new IOException("log member " + peer + " is busy: " + THREADS_PER_MEMBER + " calls wait in it", e);
        }
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while calling log member " + peer).initCause(e);
        } catch (TimeoutException e) {
            throw new TimeoutIOException(
                    "log member " + peer + " did not answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("log member " + peer + " failed a call", e.getCause());
        }
    }
}
