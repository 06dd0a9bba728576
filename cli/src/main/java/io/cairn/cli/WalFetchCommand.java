package io.cairn.cli;

import io.cairn.backup.SourceName;
import io.cairn.backup.postgres.WalFetch;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code cairn backup wal-fetch}: what PostgreSQL calls as its {@code restore_command}. PostgreSQL takes a status from
 * 1 to 125 for the end of the WAL; only {@link #ENDS} means that here, and every failure is above it.
 */
@Command(
        name = "wal-fetch",
        description = "Brings a file of WAL from the repository, as a restore_command.",
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = WalFetchCommand.STOP,
        exitCodeOnInvalidInput = WalFetchCommand.STOP,
        footer = {
            "",
            "Exit status: 0 there it is, 9 the archive ends before it, 255 it cannot be had, and recovery must stop."
        })
final class WalFetchCommand implements Callable<Integer> {
    static final int ENDS = 9;
    static final int STOP = 255;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RepositoryOptions options;

    @Option(names = "--place", required = true, paramLabel = "HOST:PORT", description = "Whose WAL")
    private String place = "";

    @Parameters(index = "0", paramLabel = "FILE", description = "What PostgreSQL writes as %%f")
    private String file = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "What PostgreSQL writes as %%p")
    private Path path = Path.of("");

    @Override
    public Integer call() {
        try {
            int status = options.with(
                    spec.commandLine().getErr(),
                    repository ->
                            new WalFetch(repository, new SourceName("postgres", place)).fetch(file, path) ? 0 : ENDS);
            return status == 0 || status == ENDS ? status : STOP;
        } catch (CommandFault fault) {
            spec.commandLine().getErr().println("cairn: " + fault.getMessage());
            return STOP;
        }
    }
}
