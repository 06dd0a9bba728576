package io.cairn.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The server's counters while they move. Safe for use by many threads. */
final class Counters {
    final AtomicLong connections = new AtomicLong();
    final AtomicLong running = new AtomicLong();
    final AtomicLong readAhead = new AtomicLong();
    final LongAdder connectionsTotal = new LongAdder();
    final LongAdder connectionsRefused = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder protocolErrors = new LongAdder();
    final LongAdder timeouts = new LongAdder();

    HttpServerStats snapshot() {
        return new HttpServerStats(
                connections.get(),
                connectionsTotal.sum(),
                connectionsRefused.sum(),
                running.get(),
                requests.sum(),
                readAhead.get(),
                bytesIn.sum(),
                bytesOut.sum(),
                protocolErrors.sum(),
                timeouts.sum());
    }
}
