package io.cairn.repository.store;

import io.cairn.base.Entropy;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A backend that makes a call again when its fault says that this is safe: up to so many times, waiting twice as long
 * each time, with some chance in it. Safe for use by many threads.
 */
public final class RetryingBackend implements Backend {
    private static final double JITTER = 0.5;

    private final Backend backend;
    private final int tries;
    private final Duration first;
    private final Entropy entropy;
    private final Pause pause;

    /** How to wait; a test does not. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    public RetryingBackend(Backend backend, int tries, Duration first, Entropy entropy, Pause pause) {
        this.backend = backend;
        this.tries = tries;
        this.first = first;
        this.entropy = entropy;
        this.pause = pause;
    }

    private <T> T attempt(Supplier<T> call) {
        Duration wait = first;
        for (int i = 1; ; i++) {
            try {
                return call.get();
            } catch (RepositoryFault fault) {
                if (!fault.retrySafe() || i >= tries) {
                    throw fault;
                }
            }
            double chance = (entropy.nextLong() >>> 11) * 0x1.0p-53;
            try {
                pause.of(Duration.ofNanos((long) (wait.toNanos() * (1 - JITTER * chance))));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new RepositoryFault.Unavailable("interrupted while waiting for " + place(), false, stop);
            }
            wait = wait.multipliedBy(2);
        }
    }

    private void attempt(Runnable call) {
        attempt(() -> {
            call.run();
            return true;
        });
    }

    @Override
    public void save(FileName name, byte[] content, int length) {
        attempt(() -> backend.save(name, content, length));
    }

    /** The answer of a try that was lost may have been true: the bytes tell. */
    @Override
    public boolean saveIfAbsent(FileName name, byte[] content) {
        int[] tried = new int[1];
        return attempt(() -> {
            tried[0]++;
            boolean stored = backend.saveIfAbsent(name, content);
            return stored || (tried[0] > 1 && java.util.Arrays.equals(backend.load(name), content));
        });
    }

    @Override
    public byte[] load(FileName name) {
        return attempt(() -> backend.load(name));
    }

    @Override
    public void read(FileName name, long offset, byte[] target, int at, int length) {
        attempt(() -> backend.read(name, offset, target, at, length));
    }

    @Override
    public Map<String, Long> list(Area area) {
        return attempt(() -> backend.list(area));
    }

    @Override
    public void delete(FileName name) {
        attempt(() -> backend.delete(name));
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
