package io.cairn.backup.volume;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.backup.SourceFault;
import io.cairn.containers.UnixSocket;
import io.cairn.repository.PageRange;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The volumes that this machine's daemon serves, asked on its control socket. Safe for use by many threads. */
public final class DaemonVolumes implements VolumeControl {
    /** Where the daemon listens when nobody says otherwise. */
    public static final Path CONTROL_DEFAULT = Path.of("/run/cairn/cairn.sock");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int STATUS_DIGITS = 3;
    private static final int REFUSED = 300;

    private final Path control;

    public DaemonVolumes(Path control) {
        this.control = control;
    }

    private JsonNode call(String method, String volume, String rest, Map<String, String> body) {
        byte[] content = body.isEmpty() ? new byte[0] : JSON.writeValueAsBytes(body);
        String head = method + " /v1/volumes/" + part(volume) + rest + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: " + content.length
                + END_OF_HEAD;
        byte[] answer;
        try (UnixSocket socket = UnixSocket.connect(control, PATIENCE)) {
            socket.out().write(head.getBytes(ISO_8859_1));
            socket.out().write(content);
            socket.out().flush();
            answer = socket.in().readAllBytes();
        } catch (IOException absent) {
            throw new SourceFault.Unreachable(
                    "no daemon answers at " + control + " (" + absent.getMessage()
                            + "); start it with `cairn start --roles volumes`, or say where it listens: volume:"
                            + volume
                            + "?control=PATH",
                    absent);
        }
        return read(answer);
    }

    private JsonNode read(byte[] answer) {
        int end = new String(answer, ISO_8859_1).indexOf(END_OF_HEAD);
        try {
            if (end < STATUS_AT + STATUS_DIGITS) {
                throw new SourceFault.Unreachable(
                        "the daemon at " + control + " ended the connection without an answer");
            }
            int status = Integer.parseInt(new String(answer, STATUS_AT, STATUS_DIGITS, ISO_8859_1));
            JsonNode body = JSON.readTree(Arrays.copyOfRange(answer, end + END_OF_HEAD.length(), answer.length));
            if (status >= REFUSED) {
                throw new SourceFault.Refused(body.path("error").asString("the daemon answered " + status));
            }
            return body;
        } catch (JacksonException | NumberFormatException strange) {
            throw new SourceFault.Unreachable("what answers at " + control + " is not a daemon of this kind", strange);
        }
    }

    /** A name as a part of a target. */
    private static String part(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    @Override
    public About about(String volume) {
        JsonNode info = call("GET", volume, "", Map.of());
        return new About(
                volume,
                info.path("id").asString(),
                info.path("size").asLong(),
                info.path("kind").asString(),
                info.path("filesystem").asString(),
                info.path("encryption").asString());
    }

    @Override
    public List<Shot> snapshots(String volume) {
        List<Shot> shots = new ArrayList<>();
        call("GET", volume, "/snapshots", Map.of()).forEach(info -> shots.add(shot(info)));
        return shots;
    }

    private static Shot shot(JsonNode info) {
        return new Shot(info.path("name").asString(), info.path("created").asString());
    }

    @Override
    public Shot snapshot(String volume, String name) {
        return shot(call("POST", volume, "/snapshots", Map.of("name", name)));
    }

    @Override
    public Difference changes(String volume, Optional<String> from, String to) {
        String earlier = from.map(name -> "&from=" + part(name)).orElse("");
        JsonNode diff = call("GET", volume, "/changes?to=" + part(to) + earlier, Map.of());
        List<PageRange> ranges = new ArrayList<>();
        diff.path("ranges")
                .forEach(range -> ranges.add(new PageRange(
                        range.path("offset").asLong(), range.path("length").asLong())));
        return new Difference(
                Path.of(diff.path("image").asString()),
                diff.path("size").asLong(),
                diff.path("exact").asBoolean(),
                ranges);
    }

    @Override
    public void delete(String volume, String snapshot) {
        JsonNode _ = call("DELETE", volume, "/snapshots/" + part(snapshot), Map.of());
    }

    @Override
    public void backedUp(String volume, Instant at) {
        JsonNode _ = call("POST", volume, "/backup", Map.of("at", at.toString()));
    }
}
