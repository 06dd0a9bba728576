package io.cairn.volumes.spec;

import java.util.regex.Pattern;

/** The name of a snapshot, unique among those of its volume. Never part of a path. */
public record SnapshotName(String text) implements Comparable<SnapshotName> {
    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    public SnapshotName {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("not a snapshot name: " + Quoted.of(text) + "; a name has 1 to 128"
                    + " letters, digits, '_', '.' or '-', and starts with a letter or digit");
        }
    }

    @Override
    public int compareTo(SnapshotName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
