package io.cairn.volumes.spec;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Reading of words of which only some are known, and of which the nearest known one is named. Stateless. */
public final class Words {
    private Words() {}

    /** The constant that is spelt so. */
    static <E> E one(String what, String word, Function<E, String> spelling, E[] all) {
        for (E constant : all) {
            if (spelling.apply(constant).equals(word)) {
                return constant;
            }
        }
        List<String> known = Arrays.stream(all).map(spelling).toList();
        throw new IllegalArgumentException("unknown " + what + " " + Quoted.of(word) + suggestion(word, known)
                + "; known are " + String.join(", ", known));
    }

    static boolean truth(String what, String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException(what + " is true or false, not " + Quoted.of(word));
        };
    }

    /** {@code ; did you mean 'x'?}, or nothing when no known word is near. */
    public static String suggestion(String word, Collection<String> known) {
        return nearest(word, known)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("");
    }

    /** The known word with the fewest edits, if those are at most half of its letters or one begins with the other. */
    static Optional<String> nearest(String word, Collection<String> known) {
        // Hostile words may be huge, and distance is quadratic.
        String start = word.length() > 64 ? word.substring(0, 64) : word;
        String lower = start.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt((String each) -> distance(lower, each))
                        .thenComparing(each -> each))
                .filter(each -> distance(lower, each) <= Math.max(1, each.length() / 2)
                        || each.length() > 2 && lower.startsWith(each)
                        || lower.length() > 2 && each.startsWith(lower));
    }

    /** Insertions, deletions, exchanges of letters and swaps of neighbours that make one word the other. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        int exchange = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(exchange, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
