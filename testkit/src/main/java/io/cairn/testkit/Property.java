package io.cairn.testkit;

import java.util.SplittableRandom;

/**
 * A small seeded property runner: runs a body with many seeds and, when one fails, says which seed to run again.
 * {@code -Dcairn.seed=N} runs that seed alone; {@code -Dcairn.runs=N} overrides the number of runs. The seeds are the
 * same in every run, so that a gate says the same of the same tree; {@code -Dcairn.explore=true} draws them from the
 * clock, which is how to look for what nobody has met yet.
 */
public final class Property {
    private static final long USUAL = 20_261_122;

    private Property() {}

    /** A property of one random case. */
    @FunctionalInterface
    public interface Body {
        void check(SplittableRandom random) throws Exception;
    }

    /** The seed of a run that has one for all of it: the one asked for, one of the clock, or always the same. */
    public static long seed() {
        return Long.getLong("cairn.seed", Boolean.getBoolean("cairn.explore") ? System.nanoTime() : USUAL);
    }

    /** Runs {@code body} with {@code runs} seeds, or with the one seed that was asked for. */
    public static void holds(int runs, Body body) {
        Long only = Long.getLong("cairn.seed");
        if (only != null) {
            run(only, body);
            return;
        }
        int count = Integer.getInteger("cairn.runs", runs);
        SplittableRandom seeds = new SplittableRandom(seed());
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
