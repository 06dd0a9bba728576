package io.cairn.backup.command;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running program, of which the end of the error stream is kept for messages, and which is killed with everything
 * that it started when its time is over. Closing it kills it. One thread.
 */
final class Program implements AutoCloseable {
    private static final int WORDS_MAX = 2000;
    private static final int JOIN_SECONDS = 5;

    private final String name;
    private final Process process;
    private final Duration timeout;
    private final StringBuffer lastWords = new StringBuffer();
    private final Thread watch;
    private final Thread listener;
    private volatile boolean late;

    private Program(String name, Process process, Duration timeout) {
        this.name = name;
        this.process = process;
        this.timeout = timeout;
        this.listener = Thread.ofVirtual().start(this::listen);
        this.watch = Thread.ofVirtual().start(this::killLate);
    }

    /** Starts it with nothing on its standard input. */
    static Program start(List<String> words, Duration timeout) {
        String name = String.valueOf(Path.of(words.getFirst()).getFileName());
        try {
            Process process = new ProcessBuilder(words)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            return new Program(name, process, timeout);
        } catch (IOException failed) {
            throw new SourceFault.Refused("the command " + name + " cannot be run: there is no such program in the"
                    + " search path, or it may not be executed; give its whole path");
        }
    }

    InputStream output() {
        return process.getInputStream();
    }

    /** Waits for a good end; anything else is a fault with what the program said last. */
    void finish() {
        int status = end();
        if (late) {
            throw new SourceFault.Unreachable("the command " + name + " was not done after " + words(timeout)
                    + " and was killed; give it more time, or find out what it waits for" + said());
        }
        if (status != 0) {
            throw new SourceFault.Damaged("the command " + name + " ended with status " + status
                    + ", so its output is not taken for complete" + said());
        }
    }

    private int end() {
        try {
            int status = process.waitFor();
            // Somebody who inherited the stream may hold it open for ever.
            listener.join(Duration.ofSeconds(JOIN_SECONDS));
            return status;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SourceFault.Unreachable("interrupted while waiting for the command " + name, interrupted);
        }
    }

    static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private String said() {
        String text = lastWords.toString().strip();
        return text.isEmpty() ? "" : "; it said: " + text.replaceAll("\\s*\\R\\s*", " | ");
    }

    private void listen() {
        byte[] buffer = new byte[4096];
        try (InputStream err = process.getErrorStream()) {
            for (int count = err.read(buffer); count >= 0; count = err.read(buffer)) {
                lastWords.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                if (lastWords.length() > 2 * WORDS_MAX) {
                    lastWords.delete(0, lastWords.length() - WORDS_MAX);
                }
            }
        } catch (IOException ended) {
            lastWords.append(" (its error stream broke)");
        }
    }

    private void killLate() {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                late = true;
                kill();
            }
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }

    private void kill() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        watch.interrupt();
        if (process.isAlive()) {
            kill();
        }
    }
}
