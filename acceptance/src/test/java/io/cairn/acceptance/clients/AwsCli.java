package io.cairn.acceptance.clients;

import io.cairn.acceptance.RunningCairn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The AWS command line pointed at one daemon. Immutable. */
record AwsCli(Program program, String endpoint) {
    static AwsCli of(RunningCairn cairn, Path home) {
        return new AwsCli(Program.aws(cairn, home), cairn.s3().toString());
    }

    /** Runs {@code aws s3 …} to success. */
    String s3(String... arguments) {
        return program.run(line("s3", arguments));
    }

    /** Runs {@code aws s3api …} to success, with plain text as output. */
    String api(String... arguments) {
        return program.with("AWS_DEFAULT_OUTPUT", "text")
                .run(line("s3api", arguments))
                .strip();
    }

    /** Runs {@code aws s3api …} to failure and gives what was said. */
    String refused(String... arguments) {
        return program.with("AWS_MAX_ATTEMPTS", "1").fail(line("s3api", arguments));
    }

    private String[] line(String service, String... arguments) {
        var line = new ArrayList<>(List.of("--endpoint-url", endpoint, service));
        line.addAll(List.of(arguments));
        return line.toArray(String[]::new);
    }
}
