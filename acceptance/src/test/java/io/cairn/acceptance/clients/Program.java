package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of others with its whole environment: a home of its own, so that nothing of the user's configuration is
 * read, and only the variables given here. Immutable.
 */
record Program(Path executable, Path home, Map<String, String> environment) {
    private static final int MINUTES_MAX = 15;

    /** How a run ended. */
    record Ended(int status, String out, String err) {
        String all() {
            return out + err;
        }
    }

    /** The program at this path; a test on a machine without it is skipped. */
    static Program installed(String path, Path home) {
        Path executable = Path.of(path);
        assumeTrue(Files.isExecutable(executable), path + " is not installed; scripts/install-test-tools installs it");
        try {
            Files.createDirectories(home);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        return new Program(
                executable,
                home,
                Map.of("PATH", "/usr/bin:/bin", "HOME", home.toString(), "LANG", "C.UTF-8", "TZ", "UTC"));
    }

    /** The AWS command line as Debian installs it; another {@code aws} may come first on the path. */
    static Program aws(RunningCairn cairn, Path home) {
        return installed("/usr/bin/aws", home)
                .with("AWS_ACCESS_KEY_ID", cairn.accessKey())
                .with("AWS_SECRET_ACCESS_KEY", cairn.secretKey())
                .with("AWS_DEFAULT_REGION", "us-east-1")
                .with("AWS_EC2_METADATA_DISABLED", "true")
                .with("AWS_PAGER", "");
    }

    /** {@code rclone} with a remote {@code cairn:} that is given by the environment; nothing is tried twice. */
    static Program rclone(RunningCairn cairn, Path home) {
        return installed("/usr/bin/rclone", home)
                .with("RCLONE_CONFIG", home.resolve("rclone.conf").toString())
                .with("RCLONE_CONFIG_CAIRN_TYPE", "s3")
                .with("RCLONE_CONFIG_CAIRN_PROVIDER", "Other")
                .with("RCLONE_CONFIG_CAIRN_ENDPOINT", cairn.s3().toString())
                .with("RCLONE_CONFIG_CAIRN_ACCESS_KEY_ID", cairn.accessKey())
                .with("RCLONE_CONFIG_CAIRN_SECRET_ACCESS_KEY", cairn.secretKey())
                .with("RCLONE_RETRIES", "1")
                .with("RCLONE_LOW_LEVEL_RETRIES", "1");
    }

    /** {@code s3cmd} with a configuration file of four lines. */
    static Program s3cmd(RunningCairn cairn, Path home) {
        Program program = installed("/usr/bin/s3cmd", home);
        String configuration =
                """
                [default]
                access_key = %s
                secret_key = %s
                host_base = %s
                host_bucket = %3$s
                use_https = False
                """.formatted(cairn.accessKey(), cairn.secretKey(), cairn.s3().getAuthority());
        try {
            Files.writeString(home.resolve(".s3cfg"), configuration);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        return program;
    }

    Program with(String name, String value) {
        var all = new LinkedHashMap<>(environment);
        all.put(name, value);
        return new Program(executable, home, Map.copyOf(all));
    }

    /** Runs to success and gives what was printed. */
    String run(String... arguments) {
        Ended ended = end(arguments);
        assertEquals(0, ended.status(), () -> executable + " " + List.of(arguments) + ": " + ended.all());
        return ended.out();
    }

    /** Runs to failure and gives everything that was printed. */
    String fail(String... arguments) {
        Ended ended = end(arguments);
        assertNotEquals(0, ended.status(), () -> executable + " " + List.of(arguments) + ": " + ended.all());
        return ended.all();
    }

    Ended end(String... arguments) {
        var line = new ArrayList<>(List.of(executable.toString()));
        line.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile(home, "out", "");
            Path err = Files.createTempFile(home, "err", "");
            var builder = new ProcessBuilder(line).directory(home.toFile());
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(line + " did not end: " + Files.readString(err));
            }
            var ended = new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return ended;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
