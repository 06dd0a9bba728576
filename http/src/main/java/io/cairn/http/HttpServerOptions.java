package io.cairn.http;

import io.cairn.base.Checks;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a server listens and what it allows.
 *
 * @param endpoint where to listen
 * @param tls the server's certificate, or null for plain HTTP
 * @param eventLoops threads that move bytes; handlers run on virtual threads beside them
 * @param epoll whether Linux epoll is used where it is available
 */
public record HttpServerOptions(
        Endpoint endpoint,
        @Nullable TlsFiles tls,
        HttpLimits limits,
        HttpTimeouts timeouts,
        ProtocolErrorRenderer errors,
        int eventLoops,
        boolean epoll) {
    private static final int EVENT_LOOPS_MAX = 64;

    public HttpServerOptions {
        Checks.check(eventLoops >= 1 && eventLoops <= EVENT_LOOPS_MAX, "1 to 64 event loops, got %s", eventLoops);
        Checks.check(tls == null || endpoint instanceof Endpoint.Tcp, "TLS over TCP, not over %s", endpoint);
    }

    /** Plain HTTP, a loop for every two processors, default limits. */
    public static HttpServerOptions defaults(InetSocketAddress bind) {
        int loops = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, EVENT_LOOPS_MAX);
        return defaults(new Endpoint.Tcp(bind), loops);
    }

    /** On a unix socket: one loop, default limits. */
    public static HttpServerOptions unix(Endpoint.Unix socket) {
        return defaults(socket, 1);
    }

    private static HttpServerOptions defaults(Endpoint endpoint, int loops) {
        return new HttpServerOptions(
                endpoint,
                null,
                HttpLimits.defaults(),
                HttpTimeouts.defaults(),
                ProtocolErrorRenderer.plainText(),
                loops,
                true);
    }

    public HttpServerOptions withTls(TlsFiles files) {
        return new HttpServerOptions(endpoint, files, limits, timeouts, errors, eventLoops, epoll);
    }

    public HttpServerOptions withLimits(HttpLimits value) {
        return new HttpServerOptions(endpoint, tls, value, timeouts, errors, eventLoops, epoll);
    }

    public HttpServerOptions withTimeouts(HttpTimeouts value) {
        return new HttpServerOptions(endpoint, tls, limits, value, errors, eventLoops, epoll);
    }

    public HttpServerOptions withErrors(ProtocolErrorRenderer renderer) {
        return new HttpServerOptions(endpoint, tls, limits, timeouts, renderer, eventLoops, epoll);
    }

    public HttpServerOptions withEventLoops(int count) {
        return new HttpServerOptions(endpoint, tls, limits, timeouts, errors, count, epoll);
    }

    public HttpServerOptions withEpoll(boolean allowed) {
        return new HttpServerOptions(endpoint, tls, limits, timeouts, errors, eventLoops, allowed);
    }
}
