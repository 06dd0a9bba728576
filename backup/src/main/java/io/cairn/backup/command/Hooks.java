package io.cairn.backup.command;

import java.time.Duration;
import java.util.List;

/**
 * Commands around a copy: {@code before} brings an application to rest, {@code after} lets it go on. Either may be
 * empty. {@code timeout} is for each of them.
 */
public record Hooks(List<String> before, List<String> after, Duration timeout) {
    public static final Duration TIMEOUT_DEFAULT = Duration.ofMinutes(1);
    public static final Hooks NONE = new Hooks(List.of(), List.of(), TIMEOUT_DEFAULT);

    public Hooks {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    public boolean isEmpty() {
        return before.isEmpty() && after.isEmpty();
    }
}
