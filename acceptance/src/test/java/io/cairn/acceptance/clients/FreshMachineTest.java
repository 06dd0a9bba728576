package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first command of the README in a fresh checkout: no {@code JAVA_HOME}, whatever {@code java} comes first on the
 * path, nothing built. Only the caches of downloads in the home directory are shared with the machine.
 */
@Tag("acceptance")
final class FreshMachineTest {
    private static final Path ROOT =
            Path.of(System.getProperty("cairn.root", "..")).toAbsolutePath().normalize();
    private static final int BUILD_MINUTES_MAX = 8;

    @TempDir
    private Path machine;

    @Test
    void start_inAFreshCheckout_buildsAndServes() throws Exception {
        Path checkout = machine.resolve("cairn");
        copyOfTheTree(checkout);
        // The roles of the default, but not on the sockets of this host.
        Path sockets = machine.resolve("sockets");
        String docker = sockets.resolve("fresh.sock").toString();
        String control = sockets.resolve("control.sock").toString();
        var builder = new ProcessBuilder(List.of(
                        "./cairn", "start", "--listen", "127.0.0.1:0", "--docker-socket", docker, "--control", control))
                .directory(checkout.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_") || name.equals("JAVA_HOME"));
        builder.environment().put("PATH", "/usr/bin:/bin");
        Process process = builder.start();
        var said = new ArrayList<String>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            process.onExit().orTimeout(BUILD_MINUTES_MAX, TimeUnit.MINUTES).exceptionally(_ -> {
                process.destroyForcibly();
                return process;
            });
            String endpoint = "";
            String line = lines.readLine();
            while (line != null && !line.startsWith("Try:")) {
                said.add(line);
                endpoint = line.startsWith("  S3 ") ? line.substring(5).strip() : endpoint;
                line = lines.readLine();
            }
            assertTrue(line != null, () -> String.join("\n", said));
            assertTrue(said.stream().anyMatch(text -> text.startsWith("Building Cairn")), said::toString);
            serves(endpoint, said);
            process.toHandle().destroy();
            while (lines.readLine() != null) {
                // The last words are of no interest here.
            }
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
            assertTrue(Files.isDirectory(checkout.resolve("cairn-data")));
        } finally {
            process.destroyForcibly();
        }
    }

    /** The keys that the greeting shows are good for what it says to try. */
    private void serves(String endpoint, List<String> said) {
        String accessKey = exported(said, "AWS_ACCESS_KEY_ID");
        String secretKey = exported(said, "AWS_SECRET_ACCESS_KEY");
        Curl curl = Curl.anonymous(machine.resolve("home"))
                .with(
                        "--user",
                        accessKey + ":" + secretKey,
                        "--aws-sigv4",
                        "aws:amz:us-east-1:s3",
                        "-H",
                        "x-amz-content-sha256: UNSIGNED-PAYLOAD");
        assertEquals(200, curl.status(endpoint + "/first", "-X", "PUT"));
        String readme = ROOT.resolve("README.md").toString();
        assertEquals(200, curl.status(endpoint + "/first/README.md", "--upload-file", readme));
        assertEquals(
                Samples.digest(Path.of(readme)),
                Samples.digest(curl.get(endpoint + "/first/README.md").body()));
    }

    private static String exported(List<String> said, String name) {
        String prefix = "  export " + name + "=";
        return said.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(String.join("\n", said)));
    }

    /** What a clone has: the files that git would take, without what builds left behind. */
    private void copyOfTheTree(Path checkout) throws IOException {
        Program git = Program.installed("/usr/bin/git", machine.resolve("home"))
                .with("GIT_CONFIG_COUNT", "1")
                .with("GIT_CONFIG_KEY_0", "safe.directory")
                .with("GIT_CONFIG_VALUE_0", "*");
        String listed = git.run("-C", ROOT.toString(), "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        for (String name : listed.split("\0")) {
            Path from = ROOT.resolve(name);
            if (Files.isRegularFile(from)) {
                Path to = checkout.resolve(name);
                Files.createDirectories(to.getParent());
                Files.copy(from, to, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
