package io.cairn.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class PartsBenchTest {
    private static final int BENCHMARKS = 5;

    @Test
    void everyBenchmark_runsAndMeasuresSomething() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(PartsBench.class.getName())
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(new TimeValue(50, TimeUnit.MILLISECONDS))
                        .build())
                .run();
        assertEquals(BENCHMARKS, results.size());
        results.forEach(result -> assertTrue(result.getPrimaryResult().getScore() > 0));
    }
}
