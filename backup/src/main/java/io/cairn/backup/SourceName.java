package io.cairn.backup;

import io.cairn.base.Checks;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Names what a source reads, without any secret: {@code kind} is a word such as {@code postgres}, {@code place} is
 * where it is, in characters that are safe in a path, such as {@code db1:5432}.
 */
public record SourceName(String kind, String place) {
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]*");
    private static final int PLACE_MAX = 200;
    private static final Pattern PLACE = Pattern.compile("[A-Za-z0-9._:@+=-]{1," + PLACE_MAX + "}");

    public SourceName {
        Checks.check(KIND.matcher(kind).matches(), "a kind of source is a word, not %s", kind);
        Checks.check(
                PLACE.matcher(place).matches() && !place.equals(".") && !place.equals(".."),
                "the place of a source has the characters of a file name, not %s",
                place);
    }

    /** A name whose place may have any characters: those that a path does not like become dashes. */
    public static SourceName of(String kind, String place) {
        String clean = place.replaceAll("[^A-Za-z0-9._:@+=-]+", "-").replaceAll("^[-.]+|-+$", "");
        return new SourceName(kind, clean.isEmpty() ? "all" : clean.substring(0, Math.min(clean.length(), PLACE_MAX)));
    }

    /** The directory of the snapshot that has everything of this source. */
    public String path() {
        return "/" + kind + "/" + place;
    }

    /** The paths that its snapshots are listed with, by which each finds the one before. */
    public List<String> paths() {
        return List.of(path());
    }

    @Override
    public String toString() {
        return kind + " " + place;
    }
}
