package io.cairn.server;

import io.cairn.http.Handler;
import io.cairn.http.HttpServer;
import io.cairn.http.HttpServerOptions;
import io.cairn.http.ProtocolErrorRenderer;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A listener that binds its port or socket while the store is still being opened, so that a port in use is known before
 * anything else happens and the two take no longer than one. A request that comes early waits until there is somebody
 * to {@link #serve} it. Thread-safe.
 */
final class Listener implements AutoCloseable {
    private final CompletableFuture<Handler> handler = new CompletableFuture<>();
    private final CompletableFuture<ProtocolErrorRenderer> errors = new CompletableFuture<>();
    private final CompletableFuture<HttpServer> server = new CompletableFuture<>();

    private Listener() {}

    /** Begins to bind, on a thread of its own. */
    static Listener begin(String name, HttpServerOptions options) {
        Listener listener = new Listener();
        Thread.ofPlatform().name("cairn-bind-" + name).daemon(true).start(() -> listener.bind(options));
        return listener;
    }

    private void bind(HttpServerOptions options) {
        try {
            server.complete(HttpServer.start(
                    options.withErrors(error -> errors.join().render(error)),
                    exchange -> handler.join().handle(exchange)));
        } catch (UncheckedIOException refused) {
            server.completeExceptionally(new StartFault(String.valueOf(refused.getMessage()), refused));
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
