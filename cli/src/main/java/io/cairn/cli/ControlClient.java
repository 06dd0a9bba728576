package io.cairn.cli;

import io.cairn.server.VolumesSetup;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The options of every command about volumes, and the speaking with the daemon on its control socket. One thread. */
final class ControlClient {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BUSY = 423;

    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = "Control socket of the daemon. Default: /run/cairn/cairn.sock")
    private Path control = VolumesSetup.CONTROL_DEFAULT;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    boolean json() {
        return json;
    }

    /** A name as a part of a target. */
    static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Asks the daemon; a refusal or a failure is a {@link CommandFault} with a sentence. */
    <T> T call(String method, String target, Object body, Class<T> shape) {
        return JSON.treeToValue(call(method, target, body), shape);
    }

    JsonNode call(String method, String target, Object body) {
        UnixHttp.Answer answer = raw(method, target, body);
        requireDone(answer);
        return JSON.readTree(answer.body());
    }

    /** The answer's bytes, whatever they are. */
    byte[] bytes(String method, String target) {
        UnixHttp.Answer answer = raw(method, target, Map.of());
        requireDone(answer);
        return answer.body();
    }

    /** As {@link #call}, asking on while the daemon says that the work goes on. */
    <T> T callUntilDone(String method, String target, Object body, Class<T> shape) {
        UnixHttp.Answer answer = raw(method, target, body);
        while (answer.status() == BUSY) {
            pause();
            answer = raw(method, target, body);
        }
        requireDone(answer);
        return JSON.treeToValue(JSON.readTree(answer.body()), shape);
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFault("interrupted; the work goes on in the daemon", interrupted);
        }
    }

    private static void requireDone(UnixHttp.Answer answer) {
        if (answer.status() >= 300) {
            JsonNode refusal = JSON.readTree(answer.body());
            throw new CommandFault(refusal.path("error").asString("the daemon answered " + answer.status()));
        }
    }

    private UnixHttp.Answer raw(String method, String target, Object body) {
        byte[] content = body instanceof Map<?, ?> map && map.isEmpty() ? new byte[0] : JSON.writeValueAsBytes(body);
        try {
            return UnixHttp.call(control, method, "/v1/" + target, content);
        } catch (IOException unreachable) {
            throw new CommandFault(sentence(unreachable), unreachable);
        }
    }

    private String sentence(IOException unreachable) {
        if (Files.exists(control) && !Files.isWritable(control)) {
            return "you may not use the control socket " + control + "; run this as the daemon's user (sudo)";
        }
        return "no daemon answers at " + control + " (" + unreachable.getMessage()
                + "); start it with `cairn start --roles volumes`, or give --control";
    }
}
