package io.cairn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.http.Endpoint;
import io.cairn.http.Exchange;
import io.cairn.http.HeaderList;
import io.cairn.http.HttpServer;
import io.cairn.http.HttpServerOptions;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** A control socket whose answers are given beforehand, and which remembers what it was asked. Thread-safe. */
final class FakeControl implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    private record Answer(int status, String body) {}

    FakeControl(Path socket) {
        var endpoint = new Endpoint.Unix(socket, PosixFilePermissions.fromString("rw-------"));
        server = HttpServer.start(HttpServerOptions.unix(endpoint), this::answer);
    }

    /** Answers this request so; of several answers each is given once, the last one for good. */
    FakeControl on(String request, int status, String body) {
        answers.computeIfAbsent(request, _ -> new ConcurrentLinkedDeque<>()).add(new Answer(status, body));
        return this;
    }

    private void answer(Exchange exchange) {
        byte[] body = new byte[1 << 16];
        int length = exchange.body().readFully(body, 0, body.length);
        String request = exchange.method() + " " + exchange.target();
        asked.add((request + " " + new String(body, 0, length, UTF_8)).strip());
        Queue<Answer> given = answers.getOrDefault(request, new ArrayDeque<>());
        Answer answer = given.size() > 1 ? given.poll() : given.peek();
        if (answer == null) {
            answer = new Answer(404, "{\"status\":404,\"error\":\"not planted: " + request + "\"}");
        }
        exchange.send(
                answer.status(),
                HeaderList.of("Content-Type", "application/json"),
                answer.body().getBytes(UTF_8));
    }

    @Override
    public void close() {
        server.close();
    }
}
