package io.cairn.repository.store;

/** The name of one file of a repository. Names have digits, letters and dashes only. */
public record FileName(Area area, String name) {
    /** The one file without an id. */
    public static final FileName CONFIG = new FileName(Area.CONFIG, "config");

    private static final int FAN_OUT_DIGITS = 2;

    public FileName {
        if (name.length() < FAN_OUT_DIGITS || !name.chars().allMatch(c -> c == '-' || Character.isLetterOrDigit(c))) {
            throw new IllegalArgumentException("not the name of a repository file: '" + name + "'");
        }
    }

    /** The path below the repository: packs are spread over directories by their first two digits. */
    public String path() {
        return switch (area) {
            case CONFIG -> name;
            case PACKS -> "data/" + name.substring(0, FAN_OUT_DIGITS) + "/" + name;
            case KEYS, INDEXES, SNAPSHOTS, LOCKS, MARKS, EVICTIONS, VERIFIED, HOLDS, WAL, DAMAGED, RUNS, POINTS ->
                area.directory() + "/" + name;
        };
    }

    @Override
    public String toString() {
        return path();
    }
}
