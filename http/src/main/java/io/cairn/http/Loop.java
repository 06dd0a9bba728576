package io.cairn.http;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the connections of one event loop share: scratch space, the parser, and the sweep that ends connections whose
 * time is up (one timer for all, so that an idle connection costs none). Used by its event loop alone.
 */
final class Loop {
    final HeadParser parser;
    final byte[] scratch;
    private final ServerContext server;
    private final List<Connection> connections = new ArrayList<>();

    Loop(ServerContext server, EventLoop eventLoop) {
        this.server = server;
        parser = new HeadParser(server.options.limits());
        scratch = new byte[parser.headBytesMax()];
        long nanos = server.options.timeouts().sweepInterval().toNanos();
        eventLoop.scheduleWithFixedDelay(this::sweep, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    void add(Connection connection) {
        connection.place = connections.size();
        connections.add(connection);
    }

    void remove(Connection connection) {
        Connection last = connections.removeLast();
        if (last != connection) {
            connections.set(connection.place, last);
            last.place = connection.place;
        }
    }

    private void sweep() {
        server.date.refresh();
        long now = server.clock.nanos();
        for (Connection connection : List.copyOf(connections)) {
            connection.sweep(now);
        }
    }

    void closeIdle() {
        List.copyOf(connections).forEach(Connection::closeIfIdle);
    }

    void closeAll() {
        List.copyOf(connections).forEach(Connection::reset);
    }
}
