package io.cairn.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What several rounds of one operation showed; every figure is the median of the rounds. */
record Measured(String name, List<Round> rounds) {
    Measured {
        rounds = List.copyOf(rounds);
    }

    /** One timed run and what it cost the server in processor time. */
    record Round(S3Load.Result load, double serverCpuSeconds) {
        double cpuMillisPerThousand() {
            return serverCpuSeconds * 1e6 / load.calls();
        }
    }

    double perSecond() {
        return median(round -> round.load().perSecond());
    }

    double bytesPerSecond() {
        return median(round -> round.load().bytesPerSecond());
    }

    double millisAt(double percentile) {
        return median(round -> round.load().millisAt(percentile));
    }

    /** Processor seconds of the server per 1,000 calls, in milliseconds. */
    double cpuMillisPerThousand() {
        return median(Round::cpuMillisPerThousand);
    }

    double slowestPerSecond() {
        return rounds.stream()
                .mapToDouble(round -> round.load().perSecond())
                .min()
                .orElse(0);
    }

    double fastestPerSecond() {
        return rounds.stream()
                .mapToDouble(round -> round.load().perSecond())
                .max()
                .orElse(0);
    }

    private double median(ToDoubleFunction<Round> figure) {
        return median(rounds.stream().mapToDouble(figure).toArray());
    }

    static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
