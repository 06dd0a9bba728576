package io.cairn.base;

/** Checks of a programmer's own assumptions. They stay on in production and stop the owner of the broken state. */
public final class Checks {
    private Checks() {}

    /** Checks an argument or a state; the message says what was expected. */
    public static void check(boolean condition, String expected) {
        if (!condition) {
            throw new IllegalStateException("broken assumption: " + expected);
        }
    }

    /** As {@link #check(boolean, String)}, with values for the message's {@code %s} places. */
    public static void check(boolean condition, String expected, Object... values) {
        if (!condition) {
            throw new IllegalStateException("broken assumption: " + expected.formatted(values));
        }
    }
}
