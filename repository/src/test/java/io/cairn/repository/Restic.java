package io.cairn.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's {@code restic} on one repository. */
record Restic(Path repository, Path passwordFile, Path cache) {
    static final String PASSWORD = "correct horse battery staple";

    /** Skips the test where there is no restic. */
    static Restic on(Path repository, Path scratch) throws IOException {
        boolean there = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "restic")));
        assumeTrue(there, "restic is not installed");
        Path password = Files.writeString(scratch.resolve("password"), PASSWORD);
        return new Restic(repository, password, scratch.resolve("cache"));
    }

    record Answer(int status, String text) {}

    ProcessBuilder command(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("restic", "-r", repository.toString(), "-p", passwordFile.toString()));
        command.addAll(List.of("--cache-dir", cache.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    Answer ask(String... arguments) throws IOException, InterruptedException {
        Process process = command(arguments).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Answer(process.exitValue(), text);
    }

    /** Runs it and expects success. */
    String run(String... arguments) throws IOException, InterruptedException {
        Answer answer = ask(arguments);
        assertEquals(0, answer.status(), () -> String.join(" ", arguments) + ":\n" + answer.text());
        return answer.text();
    }
}
