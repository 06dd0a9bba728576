package io.cairn.containers;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to run in a container, without a terminal. {@code environment} is where secrets go; {@code user} is whose
 * rights it has, those of the container itself when empty.
 */
public record Exec(List<String> command, Map<String, String> environment, Optional<String> user) {
    public Exec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    public static Exec of(List<String> command) {
        return new Exec(command, Map.of(), Optional.empty());
    }

    /** Without the environment, which may be secret. */
    @Override
    public String toString() {
        return String.join(" ", command);
    }
}
