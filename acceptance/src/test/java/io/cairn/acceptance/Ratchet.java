package io.cairn.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The breaches that are known and tolerated, each with how bad it is. It may only shrink: an entry that is looser than
 * the truth is itself a breach. Line numbers move, so a breach at a line is matched by its file. Immutable.
 */
record Ratchet(List<String> entries) {
    /** The violations that the ratchet does not cover. */
    List<String> uncovered(List<Violation> violations) {
        Map<String, Integer> allowed = allowed();
        var uncovered = new TreeSet<String>();
        byKey(violations).forEach((key, these) -> {
            if (amount(these) > allowed.getOrDefault(key, 0)) {
                these.forEach(violation -> uncovered.add(violation.line()));
            }
        });
        return List.copyOf(uncovered);
    }

    /** The entries that cover nothing any more, or more than there is. */
    List<String> loose(List<Violation> violations) {
        Map<String, List<Violation>> actual = byKey(violations);
        var loose = new TreeSet<String>();
        allowed().forEach((key, most) -> {
            int now = amount(actual.getOrDefault(key, List.of()));
            if (now < most) {
                loose.add("the ratchet says " + key + " " + most + ", the truth is " + now + ": lower it");
            }
        });
        return List.copyOf(loose);
    }

    private Map<String, Integer> allowed() {
        var allowed = new TreeMap<String, Integer>();
        for (String entry : entries) {
            int space = entry.lastIndexOf(' ');
            allowed.put(entry.substring(0, space), Integer.parseInt(entry.substring(space + 1)));
        }
        return allowed;
    }

    /** The entries that would cover exactly these, one in a line. */
    static String of(List<Violation> violations) {
        var lines = new StringBuilder();
        byKey(violations)
                .forEach((key, these) ->
                        lines.append(key).append(' ').append(amount(these)).append('\n'));
        return lines.toString();
    }

    private static Map<String, List<Violation>> byKey(List<Violation> violations) {
        var groups = new TreeMap<String, List<Violation>>();
        for (Violation violation : violations) {
            groups.computeIfAbsent(key(violation), _ -> new ArrayList<>()).add(violation);
        }
        return groups;
    }

    private static String key(Violation violation) {
        return violation.rule() + " " + violation.where().replaceFirst(":\\d+$", "");
    }

    /** Lengths count as they are; breaches at lines count by their number. */
    private static int amount(List<Violation> violations) {
        boolean lines =
                violations.stream().anyMatch(violation -> violation.where().matches(".*:\\d+"));
        return lines
                ? violations.size()
                : violations.stream().mapToInt(Violation::amount).max().orElse(0);
    }
}
