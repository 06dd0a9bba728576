package io.cairn.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a certificate made by the JDK's keytool. */
@Timeout(60)
class HttpTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path directory;

    private static TlsFiles files;
    private static SSLContext client;

    @BeforeAll
    static void makeCertificate() throws Exception {
        LeakWatch.install();
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "cairn",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=DNS:localhost,IP:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), output);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        files = new TlsFiles(
                pem("CERTIFICATE", keys.getCertificate("cairn").getEncoded()),
                pem("PRIVATE KEY", keys.getKey("cairn", PASSWORD).getEncoded()));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("cairn", keys.getCertificate("cairn"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        client = SSLContext.getInstance("TLS");
        client.init(null, trust.getTrustManagers(), null);
    }

    private static Path pem(String kind, byte[] der) throws IOException {
        String text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
        return Files.writeString(directory.resolve(kind.replace(' ', '-') + ".pem"), text);
    }

    private static RawClient connect(HttpTestServer server) throws IOException {
        return new RawClient(client.getSocketFactory()
                .createSocket(
                        server.server.address().getAddress(),
                        server.server.address().getPort()));
    }

    @Test
    void exchange_overTls_carriesBodiesBothWays() throws Exception {
        byte[] block = new byte[3 << 20];
        new SplittableRandom(3).nextBytes(block);
        ByteBuffer direct = ByteBuffer.allocateDirect(block.length).put(block).flip();
        Handler handler = e -> {
            byte[] body = new byte[block.length];
            int count = e.body().readFully(body, 0, body.length);
            assertEquals(true, e.secure());
            try (ResponseBody response = e.open(200, HeaderList.empty(), 2L * count)) {
                response.write(body, 0, count);
                response.write(direct.duplicate().limit(count));
            }
        };
        try (var server = new HttpTestServer(options -> options.withTls(files), handler);
                RawClient tls = connect(server)) {
            for (int length : new int[] {0, 10, 100_000, block.length}) {
                tls.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n");
                tls.send(Arrays.copyOf(block, length));
                byte[] twice = Arrays.copyOf(block, 2 * length);
                System.arraycopy(block, 0, twice, length, length);
                assertArrayEquals(twice, tls.response().body());
            }
        }
    }

    @Test
    void refusal_overTls_isReadableAndEndsProperly() throws Exception {
        try (var server = new HttpTestServer(options -> options.withTls(files), _ -> {});
                RawClient tls = connect(server)) {
            assertEquals(400, tls.send("nonsense\r\n\r\n").response().status());
            assertEquals(-1, tls.read());
        }
    }

    @Test
    void plainText_onATlsPort_isCutOff() throws Exception {
        try (var server = new HttpTestServer(options -> options.withTls(files), _ -> {});
                RawClient plain = server.client()) {
            plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThrows(IOException.class, plain::response);
        }
    }

    @Test
    void start_withAnUnusableKey_saysWhichFile() throws Exception {
        Path wrong = Files.writeString(directory.resolve("wrong.pem"), "nonsense");
        var thrown = assertThrows(
                UncheckedIOException.class,
                () -> new HttpTestServer(
                        options -> options.withTls(new TlsFiles(files.certificateChain(), wrong)), _ -> {}));
        assertEquals(true, thrown.getMessage().contains("CERTIFICATE.pem"), thrown.getMessage());
    }
}
