package io.cairn.backup.search;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The requests of a search cluster's API; errors are sentences. One thread. */
final class SearchApi implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ANSWER_MAX = Duration.ofSeconds(120);

    private final SearchUrl url;
    private final Supplier<Optional<String>> password;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(15))
            .build();

    SearchApi(SearchUrl url, Supplier<Optional<String>> password) {
        this.url = url;
        this.password = password;
    }

    /** Status and body. */
    record Answer(int status, JsonNode body) {
        /** The reason that it gives, without the causes behind it. */
        String reason() {
            JsonNode error = body.path("error");
            String said = error.path("reason").asString(error.asString("status " + status));
            String cause = error.path("caused_by").path("reason").asString("");
            return cause.isEmpty() ? said : said + ": " + cause;
        }
    }

    JsonNode get(String path) {
        return done("GET " + path, ask("GET", path, Optional.empty()));
    }

    JsonNode send(String method, String path, Object body) {
        return done(method + " " + path, ask(method, path, Optional.of(body)));
    }

    Answer ask(String method, String path, Optional<Object> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.base().resolve(path))
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.map(value -> HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(value)))
                                .orElse(HttpRequest.BodyPublishers.noBody()));
        url.user().ifPresent(user -> request.header("Authorization", "Basic " + credentials(user)));
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), parsed(response.body()));
        } catch (IOException failed) {
            throw new SourceFault.Unreachable(
                    "the search cluster at " + url.server() + " cannot be reached (" + failed.getMessage()
                            + "); check the address, and whether it speaks TLS (?tls=yes)",
                    failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SourceFault.Unreachable("interrupted while the search cluster was asked", interrupted);
        }
    }

    private String credentials(String user) {
        String word = user + ":" + password.get().orElse("");
        return Base64.getEncoder().encodeToString(word.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode parsed(String body) {
        try {
            return body.isEmpty() ? JSON.nullNode() : JSON.readTree(body);
        } catch (JacksonException notJson) {
            return JSON.nullNode();
        }
    }

    private JsonNode done(String what, Answer answer) {
        if (answer.status() < 300) {
            return answer.body();
        }
        throw fault(what, answer);
    }

    SourceFault fault(String what, Answer answer) {
        String at = "the search cluster at " + url.server() + " refused " + what + " (" + answer.reason() + "); ";
        return switch (answer.status()) {
            case 401 ->
                new SourceFault.Refused(at + "give the user as " + url.scheme()
                        + "://USER@HOST and the password in ?password-file=FILE");
            case 403 ->
                new SourceFault.Refused(at + "give this user the rights to manage snapshots (OpenSearch: the role"
                        + " manage_snapshots; Elasticsearch: the cluster privilege create_snapshot and manage)");
            case 429, 502, 503, 504 -> new SourceFault.Unreachable(at + "try again later");
            default ->
                new SourceFault.Refused(at + "its log says more; an s3 repository needs the plugin repository-s3 and"
                        + " the keys s3.client.NAME.access_key and secret_key in the keystore of every node");
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
