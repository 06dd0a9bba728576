package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An OpenSearch with the plugin repository-s3, from the packages that Maven knows, in a process of its own. Closing
 * ends it by its process id. One thread.
 */
final class SearchProcess implements AutoCloseable {
    private static final Path SOURCES = Path.of(System.getProperty("cairn.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("acceptance/src/test/opensearch");
    private static final Duration STARTED_MAX = Duration.ofSeconds(180);

    private final Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    private SearchProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one that may write to the buckets of that store. */
    static SearchProcess start(Path directory, RunningCairn store) {
        try {
            Files.createDirectories(directory.resolve("config"));
            int port = RedisServer.freePort();
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx700m",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-Dopensearch.set.netty.runtime.available.processors=false",
                            "-Dopensearch.path.conf=" + directory.resolve("config"),
                            "-cp",
                            classPath(directory),
                            SOURCES.resolve("SearchServer.java").toString(),
                            directory.resolve("node").toString(),
                            String.valueOf(port))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile());
            builder.environment().put("ACCESS_KEY", store.accessKey());
            builder.environment().put("SECRET_KEY", store.secretKey());
            SearchProcess search = new SearchProcess(builder.start(), port);
            search.await(directory.resolve("log"));
            return search;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Maven finds it, and needs the network the first time. */
    private static String classPath(Path directory) throws IOException {
        Path file = directory.resolve("classpath");
        Path installed = Path.of(System.getProperty("cairn.root", ".."), "mvnw");
        Shell.Ended ended = Shell.end(
                Duration.ofMinutes(5),
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                List.of(
                        onPath("mvn")
                                ? "mvn"
                                : installed.toAbsolutePath().normalize().toString(),
                        "-q",
                        "-B",
                        "-f",
                        SOURCES.resolve("pom.xml").toString(),
                        "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath",
                        "-Dmdep.outputFile=" + file));
        assumeTrue(ended.status() == 0, "Maven cannot give the class path of OpenSearch: " + ended.output());
        return Files.readString(file).strip();
    }

    private static boolean onPath(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private void await(Path log) throws IOException {
        long end = System.nanoTime() + STARTED_MAX.toNanos();
        while (!Files.readString(log).lines().anyMatch(line -> line.endsWith("ready"))) {
            if (!process.isAlive() || System.nanoTime() > end) {
                String said = Files.readString(log);
                close();
                throw new AssertionError("OpenSearch did not start: " + said);
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    int port() {
        return port;
    }

    /** Sends JSON and gives what is answered, which must be a success. */
    String ask(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(method + " " + path + ": " + response.body());
            }
            return response.body();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        http.close();
    }
}
