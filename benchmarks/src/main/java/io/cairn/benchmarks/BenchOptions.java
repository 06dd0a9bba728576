package io.cairn.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a run of the S3 benchmarks is made.
 *
 * @param program the `cairn` command that is measured
 * @param directory where data and probes go, on the disk that is measured; emptied afterwards
 * @param rounds timed runs of each operation; medians of them count
 * @param round the length of each
 * @param warmUp the run before them, which does not count
 * @param only operations whose name contains this; empty for all
 * @param objects how many objects the large bucket of the bucket comparison has, or 0 for the usual run
 */
record BenchOptions(
        Path program,
        Path directory,
        int rounds,
        Duration round,
        Duration warmUp,
        String only,
        long objects,
        Optional<Path> json) {
    static final String USAGE = """
            scripts/bench [--rounds N] [--seconds N] [--warm-up N] [--only NAME] [--json FILE] [--directory DIR]
                          [--program CAIRN] [--ten-million | --objects N]
            """;

    static BenchOptions parse(String[] arguments) {
        BenchOptions options = new BenchOptions(
                Path.of("cairn").toAbsolutePath(),
                Path.of("dist"),
                3,
                Duration.ofSeconds(5),
                Duration.ofSeconds(12),
                "",
                0,
                Optional.empty());
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--ten-million")) {
                options = options.with("--objects", "10000000");
            } else if (i + 1 < arguments.length) {
                options = options.with(arguments[i], arguments[++i]);
            } else {
                throw new IllegalArgumentException(USAGE);
            }
        }
        return options;
    }

    private BenchOptions with(String name, String value) {
        return new BenchOptions(
                name.equals("--program") ? Path.of(value).toAbsolutePath() : program,
                name.equals("--directory") ? Path.of(value) : directory,
                name.equals("--rounds") ? Integer.parseInt(value) : rounds,
                name.equals("--seconds") ? Duration.ofSeconds(Long.parseLong(value)) : round,
                name.equals("--warm-up") ? Duration.ofSeconds(Long.parseLong(value)) : warmUp,
                name.equals("--only") ? value : only,
                name.equals("--objects") ? Long.parseLong(value) : objects,
                name.equals("--json") ? Optional.of(Path.of(value)) : json);
    }

    boolean wants(String operation) {
        return operation.toLowerCase(java.util.Locale.ROOT).contains(only.toLowerCase(java.util.Locale.ROOT));
    }
}
