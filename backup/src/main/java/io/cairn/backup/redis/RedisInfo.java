package io.cairn.backup.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What INFO says, taken apart. Stateless. */
final class RedisInfo {
    private RedisInfo() {}

    /** The {@code name:value} lines, in their order. */
    static Map<String, String> fields(String info) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : info.split("\r?\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return fields;
    }

    /** The {@code name=value} words between commas. */
    static Map<String, String> words(String value) {
        Map<String, String> words = new TreeMap<>();
        for (String word : value.split(",")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                words.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return words;
    }

    static long number(Map<String, String> fields, String name) {
        try {
            return Long.parseLong(fields.getOrDefault(name, "-1"));
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
