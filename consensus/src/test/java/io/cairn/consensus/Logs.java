package io.cairn.consensus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The logs that the tests open. */
final class Logs {
    private Logs() {}

    static RatisLogOptions options() {
        return RatisLogOptions.defaults()
                .withTimes(
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofMillis(100));
    }

    static List<RatisMember> members(Path directory, int count) {
        return Stream.iterate(1, i -> i + 1)
                .limit(count)
                .map(i -> new RatisMember("d" + i, directory.resolve("d" + i)))
                .toList();
    }

    static RatisLog open(Path directory, int count) {
        return open(options(), directory, count);
    }

    static RatisLog open(RatisLogOptions options, Path directory, int count) {
        return RatisLog.open(options, members(directory, count), TallyState::open);
    }
}
