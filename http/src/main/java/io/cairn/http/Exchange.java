package io.cairn.http;

import java.net.SocketAddress;

/**
 * One request and its response. Exactly one of {@link #send}, {@link #open}, {@link #openChunked} or {@link #abort} is
 * called; a handler that returns without any of them is answered with 500. Used by the handler's thread alone, and not
 * after the handler has returned.
 */
public interface Exchange {
    /** The method as received: a token, case kept. */
    String method();

    /**
     * The request target exactly as received, undecoded; one char per byte (ISO-8859-1). Never logged by the server.
     */
    String target();

    /** The request's headers in the order received, repeats kept. */
    HeaderList headers();

    /** The peer's address; one without a meaning when it came over a unix socket. */
    SocketAddress remoteAddress();

    /** True when the connection is TLS. */
    boolean secure();

    /** False once the client is known to be gone, so that long work can be given up. */
    boolean connected();

    /** The request's body; empty when the request has none. */
    RequestBody body();

    /** Ends the connection after this response instead of keeping it alive. Called before the response begins. */
    void closeAfterResponse();

    /**
     * Sends a whole response. For HEAD, 204 and 304 no content goes out; for HEAD the length of {@code content} is
     * announced. The array may be reused after return.
     */
    void send(int status, HeaderList headers, byte[] content);

    /**
     * Begins a response of exactly {@code length} bytes. For HEAD and 304 the length is announced, nothing is sent and
     * writes are ignored, so that a handler may treat HEAD as GET.
     */
    ResponseBody open(int status, HeaderList headers, long length);

    /** Begins a response of unknown length: chunked for HTTP/1.1, ended by closing the connection for HTTP/1.0. */
    ResponseBody openChunked(int status, HeaderList headers);

    /** Cuts the connection with a reset, so that the client cannot take what it has received for a whole response. */
    void abort();
}
