package io.cairn.server;

import java.nio.file.Path;
import java.util.List;

/**
 * How the role {@code backup} is run.
 *
 * @param policies the directory of policies, one file in TOML each
 * @param state remembers runs over restarts
 * @param keys files of keys that are kept in every recovery point when they are there
 */
public record BackupSetup(Path policies, Path state, List<Path> keys) {
    public BackupSetup {
        policies = policies.toAbsolutePath().normalize();
        state = state.toAbsolutePath().normalize();
        keys = List.copyOf(keys);
    }
}
