package io.cairn.acceptance.crash;

import io.cairn.wire.Header;
import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigV4Signer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A plain S3 client that repeats nothing: whoever keeps a ledger must know of every single request how it ended.
 * Thread-safe.
 */
public final class S3Client implements AutoCloseable {
    private static final int HASHED_BYTES_MAX = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI endpoint;
    private final SigV4Signer signer;

    public S3Client(URI endpoint, String accessKey, String secret) {
        this.endpoint = endpoint;
        this.signer = new SigV4Signer(accessKey, secret, "us-east-1");
    }

    public Answer get(String path, String... headers) throws IOException {
        return send("GET", path, "", new byte[0], headers);
    }

    public Answer query(String path, String query) throws IOException {
        return send("GET", path, query, new byte[0]);
    }

    public Answer head(String path) throws IOException {
        return send("HEAD", path, "", new byte[0]);
    }

    public Answer put(String path, byte[] body, String... headers) throws IOException {
        return send("PUT", path, "", body, headers);
    }

    public Answer delete(String path) throws IOException {
        return send("DELETE", path, "", new byte[0]);
    }

    /**
     * Sends one request.
     *
     * @param path percent-encoded
     * @param query percent-encoded, empty for none
     * @param headers names and values in turn
     * @throws IOException when there was no whole answer
     */
    public Answer send(String method, String path, String query, byte[] body, String... headers) throws IOException {
        List<Header> fields = new ArrayList<>();
        fields.add(new Header("Host", endpoint.getAuthority()));
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(new Header(headers[i], headers[i + 1]));
        }
        PayloadMode payload = body.length <= HASHED_BYTES_MAX ? SigV4Signer.hashed(body) : new PayloadMode.Unsigned();
        var signed = signer.sign(method, path, query, fields, payload, Instant.now());
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(endpoint + path + (query.isEmpty() ? "" : "?" + query)))
                .timeout(PATIENCE)
                .method(
                        method,
                        body.length == 0 && !method.equals("PUT") && !method.equals("POST")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        for (Header header : signed.headers()) {
            if (!header.is("Host")) {
                request.header(header.name(), header.value());
            }
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(), Map.copyOf(response.headers().map()), response.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(interrupted);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
