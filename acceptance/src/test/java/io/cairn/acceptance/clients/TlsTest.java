package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.RunningCairn.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with a certificate that was given to it, and clients that check it. */
@Tag("acceptance")
final class TlsTest {
    @TempDir
    private Path directory;

    @Test
    void certificate_given_isWhatClientsSee() throws IOException {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        Path home = directory.resolve("home");
        Program.installed("/usr/bin/openssl", home)
                .run(
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=cairn test",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1,DNS:localhost",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString());
        Curl curl = Curl.anonymous(home);
        var setup = RunningCairn.on(directory.resolve("drive"))
                .with("--tls-cert", certificate.toString(), "--tls-key", key.toString());
        try (RunningCairn cairn = setup.start()) {
            assertEquals("https", cairn.s3().getScheme());
            Curl trusting = curl.with("--cacert", certificate.toString());
            assertEquals(200, trusting.status(cairn.admin() + "/health/ready"));
            assertEquals(200, trusting.basic(cairn).status(cairn.admin() + "/health"));
            // Whoever does not know the certificate, and whoever speaks plainly, gets no answer.
            assertNotEquals(
                    0, curl.program().end(cairn.admin() + "/health/live").status());
            String plain = cairn.s3().toString().replace("https:", "http:");
            assertNotEquals(0, curl.program().end("--fail", "--silent", plain).status());
            Ended trusted = cairn.cairn("status", "--ca-cert", certificate.toString());
            assertEquals(0, trusted.status(), trusted.output());
            Ended untrusted = cairn.cairn("status");
            assertEquals(1, untrusted.status(), untrusted.output());
            assertTrue(untrusted.output().contains("--ca-cert"), untrusted.output());
            livesThrough(cairn, home, certificate);
        }
        assertTrue(Files.exists(certificate));
    }

    private void livesThrough(RunningCairn cairn, Path home, Path certificate) {
        Program aws = Program.aws(cairn, home).with("AWS_CA_BUNDLE", certificate.toString());
        Path file = Samples.file(directory, 20 * Samples.MIB);
        Path back = directory.resolve("back");
        String url = cairn.s3().toString();
        aws.run("--endpoint-url", url, "s3", "mb", "s3://private");
        aws.run("--endpoint-url", url, "s3", "cp", "--no-progress", file.toString(), "s3://private/file");
        aws.run(
                "--endpoint-url",
                url,
                "--ca-bundle",
                certificate.toString(),
                "s3",
                "cp",
                "--no-progress",
                "s3://private/file",
                back.toString());
        assertEquals(Samples.digest(file), Samples.digest(back));
    }

    @Test
    void certificate_thatIsNone_isRefusedWithTheReason() throws IOException {
        Path nonsense = Files.writeString(directory.resolve("cert.pem"), "not a certificate\n");
        Ended ended = RunningCairn.on(directory.resolve("drive"))
                .with("--tls-cert", nonsense.toString(), "--tls-key", nonsense.toString())
                .startRefused();
        assertEquals(1, ended.status(), ended.output());
        assertTrue(ended.output().contains("cert.pem"), ended.output());
        Ended absent = RunningCairn.on(directory.resolve("drive"))
                .with("--tls-cert", directory.resolve("no.pem").toString(), "--tls-key", nonsense.toString())
                .startRefused();
        assertEquals(1, absent.status(), absent.output());
        assertTrue(absent.output().contains("no.pem"), absent.output());
    }
}
