package io.cairn.model;

/**
 * What to list: keys that start with {@code prefix} and come strictly after {@code after} (empty for the start), rolled
 * up to common prefixes at {@code delimiter} (empty for none), at most {@code limit} keys and prefixes together. An
 * {@code after} that ends in the delimiter and is itself a common prefix skips everything under it.
 */
public record ListQuery(String prefix, String delimiter, String after, int limit) {
    public ListQuery {
        if (limit < 0) {
            throw new IllegalArgumentException("a page cannot have " + limit + " entries");
        }
    }
}
