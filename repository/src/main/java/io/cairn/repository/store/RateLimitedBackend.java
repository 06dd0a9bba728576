package io.cairn.repository.store;

import io.cairn.base.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * A backend that sends and fetches so many bytes per second and no more, each counted apart. A file is paid for before
 * it moves, by waiting until those before it are paid off. Safe for use by many threads.
 */
public final class RateLimitedBackend implements Backend {
    private static final double NANOS = 1e9;

    private final Backend backend;
    private final Account sent;
    private final Account fetched;
    private final RetryingBackend.Pause pause;

    /** Rates in bytes per second; {@link Long#MAX_VALUE} for none. */
    public RateLimitedBackend(
            Backend backend, long sendPerSecond, long fetchPerSecond, Clock clock, RetryingBackend.Pause pause) {
        this.backend = backend;
        this.sent = new Account(sendPerSecond, clock);
        this.fetched = new Account(fetchPerSecond, clock);
        this.pause = pause;
    }

    /** When the bytes up to now are paid for. Safe for use by many threads. */
    private static final class Account {
        private final long perSecond;
        private final Clock clock;
        private long paidUntil;

        Account(long perSecond, Clock clock) {
            this.perSecond = perSecond;
            this.clock = clock;
            this.paidUntil = clock.nanos();
        }

        /** How long to wait before these bytes may move. */
        synchronized Duration take(long bytes) {
            long now = clock.nanos();
            long start = Math.max(now, paidUntil);
            paidUntil = start + (long) (bytes * NANOS / perSecond);
            return Duration.ofNanos(start - now);
        }
    }

    private void pay(Account account, long bytes) {
        Duration wait = account.take(bytes);
        if (wait.isZero()) {
            return;
        }
        try {
            pause.of(wait);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new RepositoryFault.Unavailable("interrupted while waiting for " + place(), false, stop);
        }
    }

    @Override
    public void save(FileName name, byte[] content, int length) {
        pay(sent, length);
        backend.save(name, content, length);
    }

    @Override
    public boolean saveIfAbsent(FileName name, byte[] content) {
        pay(sent, content.length);
        return backend.saveIfAbsent(name, content);
    }

    /** The size is known only afterwards; the next one waits for it. */
    @Override
    public byte[] load(FileName name) {
        pay(fetched, 0);
        byte[] content = backend.load(name);
        fetched.take(content.length);
        return content;
    }

    @Override
    public void read(FileName name, long offset, byte[] target, int at, int length) {
        pay(fetched, length);
        backend.read(name, offset, target, at, length);
    }

    @Override
    public Map<String, Long> list(Area area) {
        return backend.list(area);
    }

    @Override
    public void delete(FileName name) {
        backend.delete(name);
    }

    @Override
    public void prepare() {
        backend.prepare();
    }

    @Override
    public boolean writesEndWithProcess() {
        return backend.writesEndWithProcess();
    }

    @Override
    public String place() {
        return backend.place();
    }
}
