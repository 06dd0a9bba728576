package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.testkit.UnixCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Docker's side of the volume driver protocol. Used by one thread. */
final class PluginClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final UnixCalls calls;

    PluginClient(Path socket) throws IOException {
        calls = new UnixCalls(socket);
    }

    /** What came back. */
    record Answer(int status, String text) {
        JsonNode json() {
            return JSON.readTree(text);
        }

        /** What the driver says went wrong; empty when nothing did. */
        String error() {
            return json().path("Err").asString("");
        }
    }

    /** Asks for {@code VolumeDriver.<verb>} with these members. */
    Answer ask(String verb, Map<String, Object> members) {
        return ask(verb, JSON.writeValueAsString(members));
    }

    /** The same with any text in place of JSON. */
    Answer ask(String verb, String body) {
        try {
            UnixCalls.Answer answer = calls.post("/VolumeDriver." + verb, body.getBytes(StandardCharsets.UTF_8));
            return new Answer(answer.status(), answer.text());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Asks and expects no error. */
    JsonNode done(String verb, Map<String, Object> members) {
        Answer answer = ask(verb, members);
        assertEquals(200, answer.status(), answer::text);
        assertEquals("", answer.error(), () -> verb + " " + members);
        return answer.json();
    }

    void create(String name, Map<String, String> options) {
        JsonNode _ = done("Create", Map.of("Name", name, "Opts", options));
    }

    /** Mounts for the holder and gives the directory. */
    Path mount(String name, String holder) {
        return Path.of(done("Mount", Map.of("Name", name, "ID", holder))
                .get("Mountpoint")
                .asString());
    }

    void unmount(String name, String holder) {
        JsonNode _ = done("Unmount", Map.of("Name", name, "ID", holder));
    }

    void remove(String name) {
        JsonNode _ = done("Remove", Map.of("Name", name));
    }

    JsonNode get(String name) {
        return done("Get", Map.of("Name", name)).get("Volume");
    }

    boolean exists(String name) {
        return ask("Get", Map.of("Name", name)).error().isEmpty();
    }

    JsonNode list() {
        return done("List", Map.of()).get("Volumes");
    }

    @Override
    public void close() {
        try {
            calls.close();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
