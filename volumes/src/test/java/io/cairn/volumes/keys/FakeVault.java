package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cairn.base.Entropy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The transit engine of a Vault as far as it is used here: encrypt, decrypt, rotate and read of one key, with Vault's
 * statuses and words for errors. Safe for many threads.
 */
final class FakeVault implements AutoCloseable {
    static final String TOKEN = "hvs.a-token-of-the-test";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final byte[] NO_BINDING = {};

    private final HttpServer server;
    private final Entropy entropy = Entropy.secure();
    private final List<byte[]> versions = new CopyOnWriteArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile boolean sealed;
    volatile Optional<Answer> instead = Optional.empty();

    /** A status and a body. */
    record Answer(int status, String body) {}

    FakeVault() throws IOException {
        versions.add(entropy.bytes(32));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String call =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        calls.add(call);
        byte[] request = exchange.getRequestBody().readAllBytes();
        Answer answer = instead.orElseGet(() -> answer(call, token(exchange), request));
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        // Not the exchange: that would reset the connection before the client has read the answer.
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static String token(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst("X-Vault-Token"));
    }

    private Answer answer(String call, String token, byte[] request) {
        if (sealed) {
            return error(503, "Vault is sealed");
        }
        if (!token.equals(TOKEN)) {
            return error(403, "permission denied");
        }
        return switch (call) {
            case "POST /v1/transit/encrypt/cairn" -> encrypt(JSON.readTree(request));
            case "POST /v1/transit/decrypt/cairn" -> decrypt(JSON.readTree(request));
            case "GET /v1/transit/keys/cairn" ->
                data(Map.of("latest_version", versions.size(), "type", "aes256-gcm96", "name", "cairn"));
            case "POST /v1/transit/keys/cairn/rotate" -> {
                versions.add(entropy.bytes(32));
                yield new Answer(204, "");
            }
            default -> error(404, "no handler for route");
        };
    }

    private Answer encrypt(JsonNode request) {
        byte[] plaintext = Base64.getDecoder().decode(request.path("plaintext").asString());
        byte[] sealedBytes = Seal.close(versions.getLast(), plaintext, NO_BINDING, entropy);
        String text = "vault:v" + versions.size() + ":" + Base64.getEncoder().encodeToString(sealedBytes);
        return data(Map.of("ciphertext", text, "key_version", versions.size()));
    }

    private Answer decrypt(JsonNode request) {
        String[] parts = request.path("ciphertext").asString().split(":", 3);
        int version = Integer.parseInt(parts[1].substring(1));
        if (version > versions.size()) {
            return error(400, "invalid ciphertext: version is too new");
        }
        return Seal.open(versions.get(version - 1), Base64.getDecoder().decode(parts[2]), NO_BINDING)
                .map(plaintext -> data(Map.of("plaintext", Base64.getEncoder().encodeToString(plaintext))))
                .orElseGet(() -> error(400, "cipher: message authentication failed"));
    }

    private static Answer data(Map<String, Object> data) {
        return new Answer(200, JSON.writeValueAsString(Map.of("request_id", "0", "lease_id", "", "data", data)));
    }

    private static Answer error(int status, String words) {
        return new Answer(status, JSON.writeValueAsString(Map.of("errors", new ArrayList<>(List.of(words)))));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
