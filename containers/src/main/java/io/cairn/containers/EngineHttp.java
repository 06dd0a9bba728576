package io.cairn.containers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to the Engine, each on a connection of its own. Safe for use by many threads. */
final class EngineHttp {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final int BODY_BYTES_MAX = 16 << 20;

    private final Path socket;

    EngineHttp(Path socket) {
        this.socket = socket;
    }

    /** Sends a request and reads the head of the answer, which may be an error; the caller closes it. */
    Response open(String method, String target, String body, boolean upgrade, Duration patience) {
        try {
            UnixSocket connection = UnixSocket.connect(socket, patience);
            try {
                connection.out().write(request(method, target, body, upgrade));
                return Response.read(connection);
            } catch (IOException broken) {
                connection.close();
                throw broken;
            }
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
    }

    private static byte[] request(String method, String target, String body, boolean upgrade) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        var request = new ByteArrayOutputStream();
        request.writeBytes((method + " " + target + " HTTP/1.1\r\nHost: docker\r\nConnection: "
                        + (upgrade ? "Upgrade\r\nUpgrade: tcp" : "close")
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(content);
        return request.toByteArray();
    }

    ContainerFault unreachable(IOException cause) {
        if (Files.exists(socket) && !Files.isWritable(socket)) {
            return new ContainerFault.Unreachable(
                    "this user may not use the socket of Docker, " + socket
                            + "; run this as root or as a member of its group",
                    cause);
        }
        return new ContainerFault.Unreachable(
                "Docker Engine does not answer at " + socket + " (" + cause.getMessage()
                        + "); start it, or name its socket with ?docker=PATH",
                cause);
    }

    /** A request whose answer is JSON or nothing; an error of the Engine is a fault with its sentence. */
    JsonNode call(String method, String target, String body) {
        return call(method, target, body, ANSWER_MAX);
    }

    JsonNode call(String method, String target, String body, Duration patience) {
        try (Response response = open(method, target, body, false, patience)) {
            requireDone(response);
            byte[] bytes = response.bytes(BODY_BYTES_MAX);
            return bytes.length == 0 ? JSON.nullNode() : JSON.readTree(bytes);
        } catch (IOException broken) {
            throw unreachable(broken);
        } catch (JacksonException wrong) {
            throw new ContainerFault.Refused("what answers at " + socket + " does not speak as Docker Engine does");
        }
    }

    static void requireDone(Response response) throws IOException {
        if (response.status() < 400) {
            return;
        }
        byte[] bytes = response.bytes(BODY_BYTES_MAX);
        String said;
        try {
            said = JSON.readTree(bytes).path("message").asString("status " + response.status());
        } catch (JacksonException _) {
            said = "status " + response.status();
        }
        throw response.status() == 404 ? new ContainerFault.Missing(said) : new ContainerFault.Refused(said);
    }

    static String json(Object value) {
        return JSON.writeValueAsString(value);
    }
}
