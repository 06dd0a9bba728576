package io.cairn.http;

import io.cairn.base.Checks;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a server listens and what it allows.
 *
 * @param bind the address to listen on; port 0 takes any free port
 * @param tls the server's certificate, or null for plain HTTP
 * @param eventLoops threads that move bytes; handlers run on virtual threads beside them
 * @param epoll whether Linux epoll is used where it is available
 */
public record HttpServerOptions(
        InetSocketAddress bind,
        @Nullable TlsFiles tls,
        HttpLimits limits,
        HttpTimeouts timeouts,
        ProtocolErrorRenderer errors,
        int eventLoops,
        boolean epoll) {
    private static final int EVENT_LOOPS_MAX = 64;

    public HttpServerOptions {
        Checks.check(eventLoops >= 1 && eventLoops <= EVENT_LOOPS_MAX, "1 to 64 event loops, got %s", eventLoops);
    }

    /** Plain HTTP, a loop for every two processors, default limits. */
    public static HttpServerOptions defaults(InetSocketAddress bind) {
        int loops = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, EVENT_LOOPS_MAX);
        return new HttpServerOptions(
                bind,
                null,
                HttpLimits.defaults(),
                HttpTimeouts.defaults(),
                ProtocolErrorRenderer.plainText(),
                loops,
                true);
    }

    public HttpServerOptions withTls(TlsFiles files) {
        return new HttpServerOptions(bind, files, limits, timeouts, errors, eventLoops, epoll);
    }

    public HttpServerOptions withLimits(HttpLimits value) {
        return new HttpServerOptions(bind, tls, value, timeouts, errors, eventLoops, epoll);
    }

    public HttpServerOptions withTimeouts(HttpTimeouts value) {
        return new HttpServerOptions(bind, tls, limits, value, errors, eventLoops, epoll);
    }

    public HttpServerOptions withErrors(ProtocolErrorRenderer renderer) {
        return new HttpServerOptions(bind, tls, limits, timeouts, renderer, eventLoops, epoll);
    }

    public HttpServerOptions withEventLoops(int count) {
        return new HttpServerOptions(bind, tls, limits, timeouts, errors, count, epoll);
    }

    public HttpServerOptions withEpoll(boolean allowed) {
        return new HttpServerOptions(bind, tls, limits, timeouts, errors, eventLoops, allowed);
    }
}
