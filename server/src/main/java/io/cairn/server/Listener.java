package io.cairn.server;

import io.cairn.http.Endpoint;
import io.cairn.http.Handler;
import io.cairn.http.HttpServer;
import io.cairn.http.HttpServerOptions;
import io.cairn.http.ProtocolErrorRenderer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A listener that binds its port or socket while the store is still being opened, so that the two take no longer than
 * one. That a port is free, and the certificate usable, is known before: a start that fails for them makes nothing. A
 * request that comes early waits until there is somebody to {@link #serve} it. Thread-safe.
 */
final class Listener implements AutoCloseable {
    private final CompletableFuture<Handler> handler = new CompletableFuture<>();
    private final CompletableFuture<ProtocolErrorRenderer> errors = new CompletableFuture<>();
    private final CompletableFuture<HttpServer> server = new CompletableFuture<>();

    private Listener() {}

    /**
     * Begins to bind, on a thread of its own; with TLS, ends that first. Throws {@link StartFault} when a port is taken
     * or the certificate cannot be used.
     *
     * @param name what the thread is called, and the option that names the address
     */
    static Listener begin(String name, HttpServerOptions options) {
        if (options.endpoint() instanceof Endpoint.Tcp(InetSocketAddress address)) {
            requireFree("--" + name, address);
        }
        Listener listener = new Listener();
        Thread.ofPlatform().name("cairn-bind-" + name).daemon(true).start(() -> listener.bind(options));
        if (options.tls() != null) {
            listener.awaitBound();
        }
        return listener;
    }

    /** A port in use is known at once by asking for it, where the server behind it takes a while to make. */
    private static void requireFree(String option, InetSocketAddress address) {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
        } catch (IOException taken) {
            throw new StartFault(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + taken.getMessage()
                            + "; give another address with " + option + ", or stop what listens there",
                    taken);
        }
    }

    private void bind(HttpServerOptions options) {
        try {
            server.complete(HttpServer.start(
                    options.withErrors(error -> errors.join().render(error)),
                    exchange -> handler.join().handle(exchange)));
        } catch (UncheckedIOException refused) {
            Throwable cause = Objects.requireNonNullElse(refused.getCause(), refused);
            server.completeExceptionally(new StartFault(String.valueOf(cause.getMessage()), refused));
        }
    }

    /**
     * Waits until the port is bound, then lets requests in. Throws {@link StartFault} when the port cannot be bound.
     */
    HttpServer serve(Handler ready, ProtocolErrorRenderer renderer) {
        HttpServer bound = bound();
        errors.complete(renderer);
        handler.complete(ready);
        return bound;
    }

    /**
     * Waits until the port or the socket is bound; requests still wait. Throws {@link StartFault} when it cannot be.
     */
    void awaitBound() {
        HttpServer _ = bound();
    }

    private HttpServer bound() {
        try {
            return server.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof StartFault fault ? fault : failed;
        }
    }

    /** Gives the port back. */
    @Override
    public void close() {
        handler.completeExceptionally(new IllegalStateException("the node is closing"));
        errors.complete(ProtocolErrorRenderer.plainText());
        server.thenAccept(HttpServer::close);
    }
}
