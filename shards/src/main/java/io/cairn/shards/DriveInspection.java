package io.cairn.shards;

import java.util.List;

/** What a path holds, as far as a drive is concerned. */
public sealed interface DriveInspection {
    /** There is no directory. */
    record Missing() implements DriveInspection {}

    /** An empty directory, or one whose formatting was interrupted: fit to be formatted. */
    record Blank() implements DriveInspection {}

    /** A drive of Cairn. */
    record Formatted(DriveIdentity identity) implements DriveInspection {}

    /** Something else lives here; it is left alone. {@code names} are some of the entries. */
    record Foreign(List<String> names) implements DriveInspection {
        public Foreign {
            names = List.copyOf(names);
        }
    }

    /** An identity file that cannot be read; the reason says why. Nothing is done without an operator. */
    record Unreadable(String reason) implements DriveInspection {}
}
