package io.cairn.acceptance.reference;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What S3 is, in memory: buckets of keys in the order of their UTF-8 bytes, and uploads of parts. One thread. */
final class ReferenceStore {
    static final Comparator<String> UTF8 = (left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    private final NavigableMap<String, Bucket> buckets = new TreeMap<>();

    /** An object as GET shows it. */
    record Stored(byte[] bytes, String etag, String type, String note) {}

    /** A part as ListParts shows it. */
    record Part(byte[] bytes, String etag) {}

    /** An upload in progress. */
    record Upload(String key, String type, String note, NavigableMap<Integer, Part> parts) {}

    /** A bucket and its uploads. */
    record Bucket(NavigableMap<String, Stored> objects, Map<String, Upload> uploads) {}

    /** A page of a listing: entries, common prefixes, and where the next page starts, empty at the end. */
    record Page(List<String> keys, List<String> prefixes, String next) {}

    Optional<Bucket> bucket(String name) {
        return Optional.ofNullable(buckets.get(name));
    }

    void make(String name) {
        buckets.put(name, new Bucket(new TreeMap<>(UTF8), new LinkedHashMap<>()));
    }

    void remove(String name) {
        buckets.remove(name);
    }

    List<String> names() {
        return List.copyOf(buckets.keySet());
    }

    /**
     * A page by the definition of S3: keys behind {@code after}, those that share a prefix up to the delimiter rolled
     * up into one entry, which is skipped when {@code after} is that entry or lies in it.
     */
    static Page list(Bucket bucket, String prefix, String delimiter, String after, int limit) {
        List<String> keys = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String last = "";
        for (String key : bucket.objects().keySet()) {
            if (!key.startsWith(prefix)) {
                continue;
            }
            String group = group(key, prefix, delimiter);
            String shown = group.isEmpty() ? key : group;
            boolean behind =
                    UTF8.compare(key, after) > 0 && !(isGroup(after, prefix, delimiter) && key.startsWith(after));
            if (!behind || prefixes.contains(group)) {
                continue;
            }
            if (keys.size() + prefixes.size() == limit) {
                return new Page(keys, prefixes, last);
            }
            (group.isEmpty() ? keys : prefixes).add(shown);
            last = shown;
        }
        return new Page(keys, prefixes, "");
    }

    private static String group(String key, String prefix, String delimiter) {
        int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        return at < 0 ? "" : key.substring(0, at + delimiter.length());
    }

    private static boolean isGroup(String after, String prefix, String delimiter) {
        return !after.isEmpty()
                && after.startsWith(prefix)
                && group(after, prefix, delimiter).equals(after);
    }
}
