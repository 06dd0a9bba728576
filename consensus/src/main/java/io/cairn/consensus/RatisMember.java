package io.cairn.consensus;

import io.cairn.base.Checks;
import java.nio.file.Path;
import java.util.Objects;

/**
 * One member of the log: a name that stays the same for the life of the installation (a drive's name), and the
 * directory that holds its log and, by convention, its state. The layout is in {@code docs/formats/log-member.md}.
 */
public record RatisMember(String name, Path directory) {
    public RatisMember {
        Checks.check(name.matches("[A-Za-z0-9._-]{1,64}"), "a member's name is 1 to 64 of A-Za-z0-9._-: %s", name);
        directory = Objects.requireNonNull(directory).toAbsolutePath().normalize();
    }

    /** Where the member's {@link io.cairn.model.ReplicatedState} lives by convention. */
    public Path stateDirectory() {
        return directory.resolve("state");
    }
}
