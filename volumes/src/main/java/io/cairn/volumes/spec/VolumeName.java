package io.cairn.volumes.spec;

import java.util.regex.Pattern;

/** The name that people give a volume. Never part of a path: on disk a volume goes by its {@link VolumeId}. */
public record VolumeName(String text) implements Comparable<VolumeName> {
    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    public VolumeName {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("not a volume name: " + Quoted.of(text)
                    + "; a name has 1 to 128 letters," + " digits, '_', '.' or '-', and starts with a letter or digit");
        }
    }

    @Override
    public int compareTo(VolumeName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
