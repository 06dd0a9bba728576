package io.cairn.client;

import io.cairn.wire.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * One try of a request over HTTP/1.1, blocking, with a bound on every wait: connecting, sending (a timer breaks the
 * connection, because a write has no time-out of its own), and silence while reading. Connections are kept and used
 * again by the platform. Why not {@code java.net.http}: decision 0067. Safe for use by many threads.
 */
final class Exchange implements AutoCloseable {
    /** Larger bodies are sent only when the server has agreed to the headers. */
    private static final long UNASKED_MAX = 1 << 20;

    private static final int COPY = 1 << 16;

    private final Patience patience;
    private final Optional<SSLSocketFactory> trust;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("s3-timer").factory());

    Exchange(Patience patience, Optional<SSLSocketFactory> trust) {
        this.patience = patience;
        this.trust = trust;
    }

    /** @param headers signed, their values as text */
    Answer send(String method, String url, List<Header> headers, Optional<Body> body, int attempt) throws IOException {
        HttpURLConnection connection = open(url);
        Future<?> limit = timer.schedule(
                connection::disconnect,
                patience.sending(body.map(Body::length).orElse(0L)).toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            connection.setRequestMethod(method);
            for (Header header : headers) {
                if (!header.is("host")) {
                    connection.addRequestProperty(header.name(), header.value());
                }
            }
            if (body.isPresent()) {
                write(connection, body.get());
            }
            int status = connection.getResponseCode();
            if (status < 0) {
                throw new IOException("the answer is not HTTP");
            }
            return answer(connection, status, method, attempt);
        } finally {
            limit.cancel(false);
        }
    }

    private HttpURLConnection open(String url) throws IOException {
        HttpURLConnection connection;
        try {
            connection = (HttpURLConnection) new URI(url).toURL().openConnection();
        } catch (URISyntaxException odd) {
            throw new IOException("not an address: " + url, odd);
        }
        if (connection instanceof HttpsURLConnection tls) {
            trust.ifPresent(tls::setSSLSocketFactory);
        }
        connection.setConnectTimeout((int) patience.connect().toMillis());
        connection.setReadTimeout((int) patience.silence().toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        return connection;
    }

    private static void write(HttpURLConnection connection, Body body) throws IOException {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length());
        if (body.length() > UNASKED_MAX) {
            connection.setRequestProperty("Expect", "100-continue");
        }
        OutputStream out;
        try {
            out = connection.getOutputStream();
        } catch (java.net.ProtocolException refused) {
            // The final answer came instead of 100: it is read by the caller.
            return;
        }
        try (InputStream in = body.open();
                out) {
            byte[] buffer = new byte[(int) Math.clamp(body.length(), 1, COPY)];
            long left = body.length();
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException("the body ends " + left + " bytes early");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    private static Answer answer(HttpURLConnection connection, int status, String method, int attempt)
            throws IOException {
        List<Header> headers = new ArrayList<>();
        connection.getHeaderFields().forEach((name, values) -> {
            if (name != null) {
                values.forEach(value -> headers.add(new Header(name.toLowerCase(Locale.ROOT), Answer.text(value))));
            }
        });
        InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        boolean empty = stream == null || method.equals("HEAD");
        return new Answer(status, headers, empty ? InputStream.nullInputStream() : stream, attempt);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
