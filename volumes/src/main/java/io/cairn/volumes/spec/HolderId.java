package io.cairn.volumes.spec;

import java.util.regex.Pattern;

/**
 * Whoever holds a volume mounted: a mount of a container runtime, a person at the command line, a backup. An id may
 * hold a volume several times; each hold asks for a release of its own.
 */
public record HolderId(String text) implements Comparable<HolderId> {
    private static final Pattern TEXT = Pattern.compile("[!-~]{1,256}");

    public HolderId {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("not a holder id: " + Quoted.of(text)
                    + "; an id has 1 to 256 printable ASCII characters, no space");
        }
    }

    @Override
    public int compareTo(HolderId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
