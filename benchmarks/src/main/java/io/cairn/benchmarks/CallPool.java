package io.cairn.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Calls signed ahead of a timed run, so that signing is not measured. For one thread. */
final class CallPool {
    private CallPool() {}

    /**
     * Fresh calls, each made once from the next number; signed as they are taken when more are taken than were ready.
     */
    static final class Fresh implements Supplier<SignedCall> {
        private final LongFunction<SignedCall> maker;
        private final List<SignedCall> ready = new ArrayList<>();
        private int taken;
        private long number;

        Fresh(LongFunction<SignedCall> maker) {
            this.maker = maker;
        }

        /** Signs so many ahead; what was ready before is used first. */
        Fresh prepare(long count) {
            ready.subList(0, taken).clear();
            taken = 0;
            while (ready.size() < count) {
                ready.add(maker.apply(number++));
            }
            return this;
        }

        @Override
        public SignedCall get() {
            return taken < ready.size() ? ready.get(taken++) : maker.apply(number++);
        }

        /** How many different calls were taken so far. */
        long used() {
            return number - (ready.size() - taken);
        }
    }

    /** The same calls over and over in random order. */
    static Supplier<SignedCall> again(long count, LongFunction<SignedCall> maker) {
        SignedCall[] calls = new SignedCall[Math.toIntExact(count)];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = maker.apply(i);
        }
        SplittableRandom random = new SplittableRandom(1);
        return () -> calls[random.nextInt(calls.length)];
    }
}
