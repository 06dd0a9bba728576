package io.cairn.acceptance;

/**
 * One breach of a rule of the house.
 *
 * @param rule the rule's name, as in the ratchet
 * @param where a path from the root of the tree, with {@code #method} or {@code :line} where that helps
 * @param amount how bad: a length in lines or characters, else 1
 */
record Violation(String rule, String where, int amount) implements Comparable<Violation> {
    @Override
    public int compareTo(Violation other) {
        return line().compareTo(other.line());
    }

    /** As it would stand in the ratchet. */
    String line() {
        return rule + " " + where + " " + amount;
    }
}
