package io.cairn.cli;

import io.cairn.backup.Part;
import io.cairn.backup.SourceSpec;
import io.cairn.backup.command.CommandSource;
import io.cairn.backup.command.CommandWords;
import io.cairn.backup.command.Hooked;
import io.cairn.backup.command.Hooks;
import io.cairn.backup.escrow.KeyFiles;
import io.cairn.backup.files.FilesPart;
import io.cairn.backup.files.StreamPart;
import io.cairn.backup.kinds.Kinds;
import io.cairn.backup.point.RecoveryRun;
import io.cairn.backup.point.RunRequest;
import io.cairn.base.Clock;
import io.cairn.repository.Repository;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cairn backup run}: one recovery point of the sources that are named. */
@Command(
        name = "run",
        description = {
            "Makes a recovery point of one or several sources: a directory, -, command:PROGRAM ARGUMENT…,",
            "or an address such as postgres://user@host/db. No address has a password in it: add",
            "?password-file=FILE, ?password-env=VARIABLE or ?password-command=COMMAND."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit status: 0 done and verified, 1 failed, 2 not understood, 3 some files could not be read,",
            "4 read back with errors, 5 locked or lease lost, 6 wrong password. Only 0 leaves a recovery point",
            "(with --no-verify: one that waits for its verification); otherwise see `cairn backup ls --partial`."
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RepositoryOptions options;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "WORD",
            description = "What to back up; may be repeated. - is the standard input")
    private List<String> words = List.of();

    @Option(names = "--name", defaultValue = "", description = "What to call the standard input, or a command")
    private String name = "";

    @Option(names = "--tag", description = "A word to find it by; may be repeated")
    private List<String> tags = List.of();

    @Option(names = "--exclude", paramLabel = "GLOB", description = "Leave out paths, as **/*.tmp")
    private List<String> exclude = List.of();

    @Option(
            names = "--before",
            defaultValue = "",
            paramLabel = "COMMAND",
            description = "Brings what uses the data to rest")
    private String before = "";

    @Option(
            names = "--after",
            defaultValue = "",
            paramLabel = "COMMAND",
            description = "Lets it go on; runs in any case once --before was begun")
    private String after = "";

    @Option(names = "--hook-timeout", defaultValue = "PT1M", paramLabel = "TIME", description = "Of each, as PT1M")
    private Duration hookTimeout = Hooks.TIMEOUT_DEFAULT;

    @Option(names = "--timeout", defaultValue = "PT6H", paramLabel = "TIME", description = "Of a command, as PT6H")
    private Duration timeout = CommandSource.TIMEOUT_DEFAULT;

    @Option(
            names = "--escrow",
            paramLabel = "FILE",
            description = "Keep this file of keys in the point; may be repeated")
    private List<Path> escrow = List.of();

    @Option(names = "--no-verify", description = "Do not read back what was written; verify it later")
    private boolean unverified;

    @Option(names = "--progress", description = "auto, bar, json or none", defaultValue = "auto")
    private ProgressBar.Style style = ProgressBar.Style.auto;

    @Override
    public Integer call() {
        return options.with(spec.commandLine().getErr(), this::run);
    }

    private int run(Repository repository) {
        if (unverified && !escrow.isEmpty()) {
            throw new CommandFault("keys are kept in the recovery point, which --no-verify does not make");
        }
        List<Part> parts = parts();
        try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), style, Clock.system())) {
            List<KeyFiles.KeyFile> keys = escrow.stream()
                    .map(file -> new KeyFiles.KeyFile(file, "given with --escrow", true))
                    .toList();
            RunRequest request =
                    new RunRequest("", parts, tags, !unverified, () -> KeyFiles.read(keys), Optional.empty());
            RecoveryRun.Outcome outcome = new RecoveryRun(repository, request, bar).run();
            bar.close();
            return PointWords.report(spec.commandLine(), options.json(), outcome);
        } finally {
            parts.forEach(Part::close);
        }
    }

    private List<Part> parts() {
        var settings = Kinds.Settings.of(System.getenv(), Clock.system()).named(name, timeout, excluded());
        var sources = Kinds.with(settings);
        List<String> paths = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (String word : words) {
            SourceSpec source = SourceSpec.parse(word);
            switch (source.scheme()) {
                case SourceSpec.FILES -> paths.add(source.rest());
                case SourceSpec.STANDARD_INPUT ->
                    parts.add(new StreamPart(name.isEmpty() ? "stdin" : name, System.in, Clock.system()));
                default -> parts.add(sources.open(word));
            }
        }
        if (!paths.isEmpty()) {
            parts.add(new FilesPart(paths, excluded(), Clock.system()));
        }
        Hooks hooks = new Hooks(words(before), words(after), hookTimeout);
        return hooks.isEmpty()
                ? parts
                : parts.stream().<Part>map(part -> new Hooked(part, hooks)).toList();
    }

    private static List<String> words(String command) {
        return command.isBlank() ? List.of() : CommandWords.parse(command);
    }

    private Predicate<String> excluded() {
        List<PathMatcher> matchers = exclude.stream()
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
        return path -> matchers.stream().anyMatch(matcher -> matcher.matches(Path.of(path)));
    }
}
