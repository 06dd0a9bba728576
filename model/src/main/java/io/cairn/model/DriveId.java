package io.cairn.model;

import java.util.UUID;

/** The identity of a drive, written in the identity file of its directory when it was first used. */
public record DriveId(UUID value) implements Comparable<DriveId> {
    public static DriveId parse(String text) {
        return new DriveId(UUID.fromString(text));
    }

    @Override
    public int compareTo(DriveId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
