package io.cairn.acceptance.backup;

import io.cairn.acceptance.Shell;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Repository;
import io.cairn.repository.store.LocalDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program under test, where another user of this machine can run it too. Immutable. */
record InstalledCairn(Path program, Path repository, Path password) {
    private static final Duration WITHIN = Duration.ofMinutes(2);

    /** Links the class path of the tests into a directory, and makes a repository beside it. */
    static InstalledCairn in(Path directory) throws IOException {
        Path lib = Files.createDirectories(directory.resolve("lib"));
        var classPath = new StringBuilder();
        String tested = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int number = 0;
        for (String entry : tested.split(":")) {
            Path from = Path.of(entry);
            if (Files.exists(from) && !entry.endsWith("test-classes")) {
                Path to = lib.resolve(number++ + "-" + from.getFileName());
                link(from, to);
                classPath.append(classPath.isEmpty() ? "" : ":").append(to);
            }
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path program = directory.resolve("cairn");
        Files.writeString(
                program,
                "#!/bin/sh\nexec " + java + " --enable-native-access=ALL-UNNAMED"
                        + " --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m"
                        + " -cp " + classPath + " io.cairn.cli.Cairn \"$@\"\n");
        Path password = Files.writeString(directory.resolve("repository-password"), "of the repository\n");
        Shell.run("chmod", "755", directory.toString(), program.toString());
        var cairn = new InstalledCairn(program, directory.resolve("repository"), password);
        Repository.create(cairn.backend(), cairn.secret(), actor());
        return cairn;
    }

    private static void link(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(found)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path found, BasicFileAttributes attributes) throws IOException {
                Path target = found.equals(from) ? to : to.resolve(from.relativize(found));
                try {
                    Files.createLink(target, found);
                } catch (IOException elsewhere) {
                    Files.copy(found, target);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The repository, for a look from this process. */
    Repository open() throws IOException {
        return Repository.open(backend(), secret(), actor());
    }

    private LocalDirectory backend() {
        return new LocalDirectory(repository, Entropy.secure());
    }

    private byte[] secret() throws IOException {
        return Files.readString(password).strip().getBytes(StandardCharsets.UTF_8);
    }

    private static Actor actor() {
        return Actor.thisProcess(Clock.system(), Entropy.secure());
    }

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--repo", repository.toString(), "--password-file", password.toString()));
        return command;
    }

    Map<String, String> environment() {
        return Map.of("CAIRN_PROGRAM", program.toString());
    }

    Shell.Ended end(String... arguments) {
        return Shell.end(WITHIN, environment(), command(arguments));
    }

    String succeed(String... arguments) {
        Shell.Ended ended = end(arguments);
        if (ended.status() != 0) {
            throw new AssertionError(String.join(" ", arguments) + ": " + ended.status() + ": " + ended.output());
        }
        return ended.output();
    }

    /** From now on the server's user reads the repository too. */
    void give(String user) {
        Shell.run("chown", "-R", user + ":", repository.toString(), password.toString());
    }
}
