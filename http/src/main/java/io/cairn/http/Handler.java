package io.cairn.http;

/**
 * The code above the server. Called on a fresh virtual thread per request, so it may block; many calls run at once.
 * What it throws becomes a 400 or 408 for a broken request body, else a 500, and ends the connection when the response
 * has already begun.
 */
@FunctionalInterface
public interface Handler {
    void handle(Exchange exchange) throws Exception;
}
