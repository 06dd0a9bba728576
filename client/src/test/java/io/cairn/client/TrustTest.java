package io.cairn.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with an authority of one's own. */
final class TrustTest {
    private static final String PASSWORD = "changeit";
    private static final Map<String, String> KEYS = Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s");

    private static void keytool(String... arguments) throws Exception {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new java.util.ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        byte[] said = process.getInputStream().readAllBytes();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), () -> new String(said));
    }

    private static HttpsServer server(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"x-1\"");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("hi".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void server_ofAnUnknownAuthority_isReachedOnlyWithItsCertificate(@TempDir Path scratch) throws Exception {
        Path keys = scratch.resolve("keys.p12");
        Path certificate = scratch.resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "s",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "s",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD,
                "-file",
                certificate.toString());
        HttpsServer server = server(keys);
        try {
            String word = "s3:https://127.0.0.1:" + server.getAddress().getPort() + "/b";
            String said = assertThrows(S3Fault.Refused.class, () -> load(word)).getMessage();
            assertTrue(said.contains("CAIRN_S3_CA_FILE"), said);
            assertArrayEquals(
                    new byte[] {'h', 'i'},
                    load(word + "?ca-file=" + certificate).orElseThrow());
            Path empty = Files.createFile(scratch.resolve("empty.pem"));
            assertThrows(S3Fault.Refused.class, () -> load(word + "?ca-file=" + empty));
        } finally {
            server.stop(0);
        }
    }

    private static Optional<byte[]> load(String word) {
        S3Place place = S3Place.parse(word);
        try (S3Client client = place.client(place.credentials(KEYS), KEYS, Patience.USUAL.withTries(2))) {
            return client.bucket(place.bucket()).load("key");
        }
    }
}
