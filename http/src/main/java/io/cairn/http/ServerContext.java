package io.cairn.http;

import io.cairn.base.Clock;
import java.util.concurrent.ThreadFactory;

/** What all connections of a server share. Safe for use by many threads. */
final class ServerContext {
    final HttpServerOptions options;
    final Handler handler;
    final Clock clock = Clock.system();
    final Counters counters = new Counters();
    final HttpDate date = new HttpDate(clock);
    final ThreadFactory threads = Thread.ofVirtual().name("http-request").factory();
    private volatile boolean draining;

    ServerContext(HttpServerOptions options, Handler handler) {
        this.options = options;
        this.handler = handler;
    }

    /** Whether the server is being closed: exchanges end, none begins. */
    boolean draining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    HeadWriter head(int status, HeaderList headers, long length, HeadWriter.Persistence persistence) {
        return new HeadWriter(status, headers, length, persistence, date.bytes());
    }
}
