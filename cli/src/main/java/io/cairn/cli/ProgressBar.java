package io.cairn.cli;

import io.cairn.backup.point.RunListener;
import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.repository.store.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows how far a long command is, on the error stream: a bar at a terminal, JSON lines when asked for, nothing
 * otherwise. Problems are always shown. Safe for use by many threads.
 */
final class ProgressBar implements RunListener, AutoCloseable {
    /** How progress is shown. */
    enum Style {
        auto,
        bar,
        json,
        none
    }

    private static final int WIDTH = 30;
    private static final long INTERVAL_NANOS = 250_000_000L;
    private static final double NANOS = 1e9;

    private final PrintWriter err;
    private final Style style;
    private final Clock clock;
    private final long start;
    private final AtomicLong expected = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong shownAt;

    ProgressBar(PrintWriter err, Style wanted, Clock clock) {
        boolean terminal = isTerminal();
        this.err = err;
        this.style = wanted != Style.auto ? wanted : terminal ? Style.bar : Style.none;
        this.clock = clock;
        this.start = clock.nanos();
        this.shownAt = new AtomicLong(start);
    }

    /** There is no console where the streams are redirected, whatever the analysis thinks of recent runtimes. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }

    @Override
    public void expected(long bytes) {
        expected.addAndGet(bytes);
    }

    @Override
    public void done(long bytes) {
        long now = done.addAndGet(bytes);
        if (style == Style.none) {
            return;
        }
        long last = shownAt.get();
        long time = clock.nanos();
        if (time - last > INTERVAL_NANOS && shownAt.compareAndSet(last, time)) {
            show(now, (time - start) / NANOS);
        }
    }

    @Override
    public void problem(String sentence) {
        synchronized (err) {
            err.println((style == Style.bar ? "\r\033[K" : "") + "cairn: " + sentence);
            err.flush();
        }
    }

    @Override
    public void step(Step step, String part, String sentence) {
        if (step == Step.PART_FAILED) {
            problem(sentence);
        }
        if (style != Style.json) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", step.word());
        line.put("part", part);
        line.put("sentence", sentence);
        synchronized (err) {
            err.println(Json.write(line));
            err.flush();
        }
    }

    private void show(long bytes, double seconds) {
        long all = Math.max(bytes, expected.get());
        double share = all == 0 ? 0 : (double) bytes / all;
        double rate = bytes / Math.max(seconds, 0.001);
        long left = Math.round((all - bytes) / Math.max(rate, 1));
        synchronized (err) {
            if (style == Style.json) {
                err.println(String.format(
                        Locale.ROOT,
                        "{\"event\":\"progress\",\"bytes\":%d,\"expected\":%d,"
                                + "\"bytesPerSecond\":%.0f,\"secondsLeft\":%d}",
                        bytes,
                        all,
                        rate,
                        left));
            } else {
                int filled = (int) (share * WIDTH);
                err.print(String.format(
                        Locale.ROOT,
                        "\r[%s%s] %3.0f %%  %s of %s, %s/s, %d:%02d left \033[K",
                        "=".repeat(filled),
                        " ".repeat(WIDTH - filled),
                        100 * share,
                        ByteCount.of(bytes),
                        ByteCount.of(all),
                        ByteCount.of((long) rate),
                        left / 60,
                        left % 60));
            }
            err.flush();
        }
    }

    @Override
    public void close() {
        if (style == Style.bar) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
