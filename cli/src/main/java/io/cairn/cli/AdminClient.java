package io.cairn.cli;

import io.cairn.server.RootKey;
import io.cairn.server.RootKeyFile;
import io.cairn.server.StartFault;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The options of every command that speaks to a running daemon, and the speaking itself. One thread. */
final class AdminClient {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(2);

    @Option(names = "--admin", paramLabel = "URL", description = "Admin listener. Default: http://127.0.0.1:9001")
    private String admin = "http://127.0.0.1:9001";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A data directory of the daemon, for its root key; may be repeated. Default: ./cairn-data."
                    + " CAIRN_ROOT_ACCESS_KEY and CAIRN_ROOT_SECRET_KEY come first")
    private List<Path> data = new ArrayList<>();

    @Option(
            names = "--ca-cert",
            paramLabel = "FILE",
            description = "PEM certificates to trust instead of the system's, for a daemon with TLS. Default: CAIRN_CA")
    private Optional<Path> authority = Optional.empty();

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    boolean json() {
        return json;
    }

    /** Calls the admin API; a refusal or a failure is a {@link CommandFault} with a sentence. */
    JsonNode call(String method, String path, Object body) {
        HttpRequest request = request(method, path, body);
        try (HttpClient client = client()) {
            return answer(client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (SSLException untrusted) {
            throw new CommandFault(
                    "the daemon at " + admin + " cannot be trusted (" + untrusted.getMessage()
                            + "); give its certificate with --ca-cert FILE",
                    untrusted);
        } catch (IOException unreachable) {
            throw new CommandFault(
                    "no daemon answers at " + admin + " (" + unreachable
                            + "); start it with `cairn start`, or give --admin (https:// for a daemon with TLS)",
                    unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFault("interrupted", interrupted);
        }
    }

    private HttpRequest request(String method, String path, Object body) {
        try {
            URI address = URI.create((admin.contains("://") ? admin : "http://" + admin) + "/admin/v1/" + path);
            return HttpRequest.newBuilder(address)
                    .timeout(ANSWER)
                    .header("Authorization", authorization())
                    .header("Content-Type", "application/json")
                    .method(method, publisher(body))
                    .build();
        } catch (IllegalArgumentException malformed) {
            throw new CommandFault("--admin " + admin + " is not the URL of an admin listener", malformed);
        }
    }

    private HttpClient client() {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        authority
                .or(() -> Optional.ofNullable(System.getenv("CAIRN_CA")).map(Path::of))
                .map(TrustedAuthority::of)
                .ifPresent(builder::sslContext);
        return builder.build();
    }

    private JsonNode answer(HttpResponse<byte[]> response) {
        JsonNode answer;
        try {
            answer = response.body().length == 0 ? JSON.nullNode() : JSON.readTree(response.body());
        } catch (JacksonException foreign) {
            throw new CommandFault(
                    "what answers at " + admin + " is no admin listener of Cairn (HTTP " + response.statusCode()
                            + "); it is by default the port after the S3 listener",
                    foreign);
        }
        if (response.statusCode() >= 300) {
            throw new CommandFault(answer.path("error").asString("the daemon answered " + response.statusCode()));
        }
        return answer;
    }

    /** A name as a piece of a path. */
    static String piece(String name) {
        if (name.isBlank() || name.equals(".") || name.equals("..")) {
            throw new CommandFault("'" + name + "' names nothing");
        }
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The answer of the admin API as one of its own shapes. */
    <T> T call(String method, String path, Object body, Class<T> shape) {
        return JSON.treeToValue(call(method, path, body), shape);
    }

    static String pretty(Object value) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    private static HttpRequest.BodyPublisher publisher(Object body) {
        return body instanceof Map<?, ?> map && map.isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
    }

    private String authorization() {
        RootKey key = rootKey(System.getenv());
        String pair = key.accessKey() + ":" + key.secretKey();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private RootKey rootKey(Map<String, String> environment) {
        List<Path> directories = data.isEmpty() ? List.of(Path.of("cairn-data")) : data;
        try {
            return RootKey.in(environment)
                    .or(() -> RootKeyFile.find(directories))
                    .orElseThrow(() -> new CommandFault("no root key in " + directories + "; give --data, or set "
                            + RootKey.ACCESS_VARIABLE + " and " + RootKey.SECRET_VARIABLE));
        } catch (StartFault unusable) {
            throw new CommandFault(String.valueOf(unusable.getMessage()), unusable);
        }
    }
}
