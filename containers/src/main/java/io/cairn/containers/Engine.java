package io.cairn.containers;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * A Docker Engine on this machine, spoken to in the newest version of its API that both sides know. Errors:
 * {@link ContainerFault}. Safe for use by many threads.
 */
public final class Engine {
    /** Where it listens if nobody says otherwise. */
    public static final Path SOCKET = Path.of("/var/run/docker.sock");

    /** Of Docker 19.03. */
    private static final int[] OLDEST = {1, 40};

    /** Of Docker 27; later ones still speak it. Nothing used here has changed since the oldest. */
    private static final int[] NEWEST = {1, 47};

    private static final Duration STATUS_MAX = Duration.ofSeconds(10);

    private final EngineHttp http;
    private final String version;

    private Engine(EngineHttp http, String version) {
        this.http = http;
        this.version = version;
    }

    /** Asks the Engine at that socket which version it speaks. */
    public static Engine at(Path socket) {
        EngineHttp http = new EngineHttp(socket);
        try (Response ping = http.open("GET", "/_ping", "", false, Duration.ofSeconds(20))) {
            EngineHttp.requireDone(ping);
            return new Engine(http, negotiated(ping.header("api-version")));
        } catch (IOException broken) {
            throw http.unreachable(broken);
        }
    }

    /** The newest version that both know. */
    static String negotiated(String theirs) {
        if (!theirs.matches("\\d{1,3}\\.\\d{1,3}")) {
            throw new ContainerFault.Refused("what answers does not say which version of Docker's API it speaks");
        }
        String[] parts = theirs.split("\\.");
        int[] spoken = {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
        if (Arrays.compare(spoken, OLDEST) < 0) {
            throw new ContainerFault.Refused("Docker Engine speaks version " + theirs + " of its API, at least "
                    + OLDEST[0] + "." + OLDEST[1] + " is needed; update it");
        }
        int[] both = Arrays.compare(spoken, NEWEST) < 0 ? spoken : NEWEST;
        return both[0] + "." + both[1];
    }

    private String target(String path) {
        return "/v" + version + path;
    }

    private static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The container of that name or id. */
    public Container inspect(String name) {
        return container(http.call("GET", target("/containers/" + part(name) + "/json"), ""));
    }

    /** All containers, those that are stopped too. */
    public List<Container> list() {
        List<Container> found = new ArrayList<>();
        for (JsonNode summary : http.call("GET", target("/containers/json?all=1"), "")) {
            try {
                found.add(inspect(summary.path("Id").asString("")));
            } catch (ContainerFault.Missing _) {
                // It went away between the two questions.
            }
        }
        return List.copyOf(found);
    }

    static Container container(JsonNode node) {
        JsonNode state = node.path("State");
        return new Container(
                node.path("Id").asString(""),
                node.path("Name").asString("").replaceFirst("^/", ""),
                node.path("Config").path("Image").asString(""),
                state(state),
                health(state.path("Health").path("Status").asString("")),
                addresses(node));
    }

    private static Container.State state(JsonNode state) {
        if (state.path("Paused").asBoolean(false)) {
            return Container.State.PAUSED;
        }
        return state.path("Running").asBoolean(false) ? Container.State.RUNNING : Container.State.STOPPED;
    }

    private static Container.Health health(String status) {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "starting" -> Container.Health.STARTING;
            case "healthy" -> Container.Health.HEALTHY;
            case "unhealthy" -> Container.Health.UNHEALTHY;
            default -> Container.Health.UNCHECKED;
        };
    }

    private static List<String> addresses(JsonNode node) {
        if (node.path("HostConfig").path("NetworkMode").asString("").equals("host")) {
            return List.of("127.0.0.1");
        }
        List<String> addresses = new ArrayList<>();
        for (String field : List.of("IPAddress", "GlobalIPv6Address")) {
            for (JsonNode network : node.path("NetworkSettings").path("Networks")) {
                String address = network.path(field).asString("");
                if (!address.isEmpty() && !addresses.contains(address)) {
                    addresses.add(address);
                }
            }
        }
        return addresses;
    }

    /** Starts a container that is stopped; nothing happens to one that runs. */
    public void start(String name) {
        var _ = http.call("POST", target("/containers/" + part(name) + "/start"), "");
    }

    /** Asks it to end, and kills it when the grace is over. */
    public void stop(String name, Duration grace) {
        String path = "/containers/" + part(name) + "/stop?t=" + grace.toSeconds();
        var _ = http.call("POST", target(path), "", grace.plusSeconds(60));
    }

    /** Runs a program in a container that runs. What it prints is read from the answer, which the caller closes. */
    public ExecStream exec(String name, Exec exec) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("AttachStdout", true);
        made.put("AttachStderr", true);
        made.put("Tty", false);
        made.put("Cmd", exec.command());
        made.put(
                "Env",
                exec.environment().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
        exec.user().ifPresent(user -> made.put("User", user));
        String id = http.call("POST", target("/containers/" + part(name) + "/exec"), EngineHttp.json(made))
                .path("Id")
                .asString("");
        String start = EngineHttp.json(Map.of("Detach", false, "Tty", false));
        // A program may be silent for as long as it likes.
        Response response = http.open("POST", target("/exec/" + part(id) + "/start"), start, true, Duration.ZERO);
        try {
            EngineHttp.requireDone(response);
            return new ExecStream(response, () -> status(id));
        } catch (IOException broken) {
            response.close();
            throw http.unreachable(broken);
        } catch (ContainerFault refused) {
            response.close();
            throw refused;
        }
    }

    /** The streams end a moment before the Engine knows how the program ended. */
    private int status(String id) {
        for (long waited = 0; waited < STATUS_MAX.toMillis(); waited += 20) {
            JsonNode state = http.call("GET", target("/exec/" + part(id) + "/json"), "");
            if (!state.path("Running").asBoolean(true) && state.path("ExitCode").isNumber()) {
                return state.path("ExitCode").asInt();
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new ContainerFault.Refused("the program closed its output and runs on; its end was waited for in vain");
    }
}
