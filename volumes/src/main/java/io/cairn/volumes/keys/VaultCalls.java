package io.cairn.volumes.keys;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls of a transit engine's HTTP API: a connection each, bounded in time and size, no redirects. The token is read
 * from its file for each call, because an agent renews it there. Safe for many threads.
 */
final class VaultCalls {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 10_000;
    private static final int ANSWER_BYTES_MAX = 256 << 10;
    private static final int TOKEN_CHARS_MAX = 4096;

    private final KeySource.Vault source;
    private final JsonMapper json = JsonMapper.shared();

    VaultCalls(KeySource.Vault source) {
        this.source = source;
    }

    /** The {@code data} of the answer; missing when there is none. */
    JsonNode get(String operation, String key) {
        return call("GET", operation, key, null);
    }

    JsonNode post(String operation, String key, Map<String, String> body) {
        byte[] content = json.writeValueAsBytes(body);
        try {
            return call("POST", operation, key, content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private JsonNode call(String method, String operation, String key, byte @Nullable [] content) {
        String what = operation + " with the key " + key + " at " + source.address();
        byte[] answer = {};
        try {
            HttpURLConnection connection = connection(method, operation + "/" + key);
            if (content != null) {
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(content);
                }
            }
            int status = connection.getResponseCode();
            answer = body(connection, status);
            if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_NO_CONTENT) {
                throw refused(what, status, answer);
            }
            return parsed(answer, what).path("data");
        } catch (IOException failure) {
            String reason = failure.getMessage() == null ? "" : " (" + failure.getMessage() + ")";
            throw new KeyFault(
                    KeyFault.Kind.UNREACHABLE,
                    what + " failed: " + failure.getClass().getSimpleName() + reason,
                    failure);
        } finally {
            Arrays.fill(answer, (byte) 0);
        }
    }

    private HttpURLConnection connection(String method, String path) throws IOException {
        URI uri = URI.create(source.address() + "/v1/" + source.mount() + "/" + path);
        var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        if (connection instanceof HttpsURLConnection secure
                && source.authority().isPresent()) {
            secure.setSSLSocketFactory(trusting(source.authority().get()));
        }
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        // A kept connection may be dead by the next call, and a call is not made twice behind our back.
        connection.setRequestProperty("Connection", "close");
        connection.setRequestMethod(method);
        connection.setRequestProperty("X-Vault-Token", token());
        connection.setRequestProperty("X-Vault-Request", "true");
        connection.setRequestProperty("Content-Type", "application/json");
        source.namespace().ifPresent(namespace -> connection.setRequestProperty("X-Vault-Namespace", namespace));
        return connection;
    }

    private String token() {
        byte[] content = new SecretFile(source.tokenFile())
                .read()
                .orElseThrow(() -> new KeyFault(
                        KeyFault.Kind.REFUSED, "the token for Vault is not there: no file " + source.tokenFile()));
        String token = new String(content, StandardCharsets.US_ASCII).strip();
        Arrays.fill(content, (byte) 0);
        boolean printable = token.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (token.isEmpty() || token.length() > TOKEN_CHARS_MAX || !printable) {
            throw new KeyFault(KeyFault.Kind.REFUSED, source.tokenFile() + " holds no token");
        }
        return token;
    }

    private static byte[] body(HttpURLConnection connection, int status) throws IOException {
        try (InputStream in = status < HttpURLConnection.HTTP_BAD_REQUEST
                ? connection.getInputStream()
                : connection.getErrorStream()) {
            return in == null ? new byte[0] : bounded(in);
        }
    }

    private static byte[] bounded(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(ANSWER_BYTES_MAX + 1);
        if (bytes.length > ANSWER_BYTES_MAX) {
            throw new IOException("an answer of more than " + ANSWER_BYTES_MAX + " bytes");
        }
        return bytes;
    }

    private JsonNode parsed(byte[] answer, String what) {
        try {
            return json.readTree(answer.length == 0 ? new byte[] {'{', '}'} : answer);
        } catch (JacksonException malformed) {
            throw new KeyFault(KeyFault.Kind.UNREACHABLE, what + " was answered with something that is no JSON");
        }
    }

    /** What Vault says of an error is for people and holds no secret; only its beginning is taken. */
    private KeyFault refused(String what, int status, byte[] answer) {
        String said = "";
        try {
            JsonNode first = json.readTree(answer).path("errors").path(0);
            said = first.isString() ? first.asString() : "";
        } catch (JacksonException malformed) {
            said = "no JSON";
        }
        String words = said.replaceAll("[^\\x20-\\x7e]+", " ").strip();
        return new KeyFault(
                kind(status, words),
                "%s: status %d, %s".formatted(what, status, words.substring(0, Math.min(200, words.length()))));
    }

    private static KeyFault.Kind kind(int status, String said) {
        if (status == HttpURLConnection.HTTP_FORBIDDEN || status == HttpURLConnection.HTTP_UNAUTHORIZED) {
            return KeyFault.Kind.REFUSED;
        }
        if (status == HttpURLConnection.HTTP_NOT_FOUND || said.contains("key not found") || said.contains("too old")) {
            return KeyFault.Kind.LOST;
        }
        return status == HttpURLConnection.HTTP_BAD_REQUEST ? KeyFault.Kind.MISMATCH : KeyFault.Kind.UNREACHABLE;
    }

    private static SSLSocketFactory trusting(Path authority) throws IOException {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int count = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + count++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException unusable) {
            throw new IOException(authority + " holds no certificate of an authority", unusable);
        }
    }
}
