package io.cairn.testkit;

import java.util.SplittableRandom;

/**
 * A small seeded property runner: runs a body with many seeds and, when one fails, says which seed to run again.
 * {@code -Dcairn.seed=N} runs that seed alone; {@code -Dcairn.runs=N} overrides the number of runs.
 */
public final class Property {
    private Property() {}

    /** A property of one random case. */
    @FunctionalInterface
    public interface Body {
        void check(SplittableRandom random) throws Exception;
    }

    /** Runs {@code body} with {@code runs} seeds drawn from the clock, or with the one seed that was asked for. */
    public static void holds(int runs, Body body) {
        Long only = Long.getLong("cairn.seed");
        if (only != null) {
            run(only, body);
            return;
        }
        int count = Integer.getInteger("cairn.runs", runs);
        SplittableRandom seeds = new SplittableRandom(System.nanoTime());
        for (int i = 0; i < count; i++) {
            run(seeds.nextLong(), body);
        }
    }

    private static void run(long seed, Body body) {
        try {
            body.check(new SplittableRandom(seed));
        } catch (Exception | AssertionError failure) {
            throw new AssertionError(
                    "property failed with seed " + seed + "; run it again with -Dcairn.seed=" + seed, failure);
        }
    }
}
