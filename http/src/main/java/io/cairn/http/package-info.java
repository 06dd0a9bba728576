/**
 * The HTTP/1.1 edge: bytes, framing, time limits and memory bounds. Netty moves the bytes on a few event loops; each
 * request is an {@link io.cairn.http.Exchange} on its own virtual thread, in blocking style. Knows no S3 and no routes:
 * the faces above do. No other module imports Netty. Read {@link io.cairn.http.HttpServer} first, then
 * {@link io.cairn.http.Exchange}; inside, {@code Connection}, {@code Inbox} and {@code Outbox} carry the threading.
 */
@NullMarked
package io.cairn.http;

import org.jspecify.annotations.NullMarked;
