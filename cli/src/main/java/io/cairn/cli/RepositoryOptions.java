package io.cairn.cli;

import io.cairn.backup.Secret;
import io.cairn.backup.Secrets;
import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Repository;
import io.cairn.repository.store.Backend;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.store.S3Store;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of every command on a backup repository: where it is, and where its password comes from. A password is
 * never an argument, because every user of the machine sees those. One thread.
 */
final class RepositoryOptions {
    /** Exit statuses beside 0 done, 1 failed, 2 not understood. */
    static final int INCOMPLETE = 3;

    static final int DAMAGED = 4;
    static final int LOCKED = 5;
    static final int WRONG_PASSWORD = 6;
    static final int BLOCKED = 7;

    private static final String PASSWORD_FILE = "CAIRN_REPO_PASSWORD_FILE";
    private static final String PASSWORD_COMMAND = "CAIRN_REPO_PASSWORD_COMMAND";

    @Option(
            names = "--repo",
            paramLabel = "DIR|s3://HOST:PORT/BUCKET/PREFIX",
            description = "Where the repository is: a directory, or a bucket. Default: the variable CAIRN_REPO."
                    + " Credentials of a bucket: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a file in"
                    + " CAIRN_S3_CREDENTIALS_FILE; authority to trust: a file in CAIRN_S3_CA_FILE")
    private @Nullable String repo;

    @Mixin
    private PlaceOptions place;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Its first line is the password. Default: the variable " + PASSWORD_FILE)
    private @Nullable Path passwordFile;

    @Option(
            names = "--password-command",
            paramLabel = "COMMAND",
            description = "The first line that it prints is the password. Default: the variable " + PASSWORD_COMMAND)
    private @Nullable String passwordCommand;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    boolean json() {
        return json;
    }

    Backend backend() {
        return place.backend(word());
    }

    /** The files of a repository in a bucket, without decorators. */
    S3Store store() {
        return place.store(word());
    }

    private String word() {
        String word = repo == null ? System.getenv("CAIRN_REPO") : repo;
        if (word == null || word.isBlank()) {
            throw new CommandFault("no repository was named; give --repo, or set CAIRN_REPO");
        }
        return word;
    }

    /** The same repository and the same place of its password, for another call of this program. */
    List<String> asArguments() {
        String where = word();
        String repository = where.contains("://")
                ? where
                : Path.of(where).toAbsolutePath().normalize().toString();
        List<String> arguments = new ArrayList<>(List.of("--repo", repository));
        String file = passwordFile == null ? System.getenv(PASSWORD_FILE) : passwordFile.toString();
        String command = passwordCommand == null ? System.getenv(PASSWORD_COMMAND) : passwordCommand;
        if (passwordCommand == null && file != null) {
            arguments.addAll(
                    List.of("--password-file", Path.of(file).toAbsolutePath().toString()));
        } else if (command != null) {
            arguments.addAll(List.of("--password-command", command));
        }
        return arguments;
    }

    static Actor actor() {
        return Actor.thisProcess(Clock.system(), Entropy.secure());
    }

    /** Opens the repository, does the work, and turns its faults into sentences and exit statuses. */
    int with(PrintWriter err, ToIntFunction<Repository> work) {
        return guarded(err, () -> {
            byte[] password = password();
            try {
                return work.applyAsInt(Repository.open(backend(), password, actor()));
            } finally {
                Arrays.fill(password, (byte) 0);
            }
        });
    }

    static int guarded(PrintWriter err, java.util.function.IntSupplier work) {
        try {
            return work.getAsInt();
        } catch (RepositoryFault fault) {
            err.println("cairn: " + fault.getMessage());
            return switch (fault) {
                case RepositoryFault.WrongPassword _ -> WRONG_PASSWORD;
                case RepositoryFault.Locked _ -> LOCKED;
                case RepositoryFault.Damaged _, RepositoryFault.Missing _ -> DAMAGED;
                case RepositoryFault.Unavailable _, RepositoryFault.Refused _, RepositoryFault.Source _ -> 1;
            };
        } catch (SourceFault fault) {
            err.println("cairn: " + fault.getMessage());
            return 1;
        }
    }

    byte[] password() {
        return password(passwordFile, passwordCommand);
    }

    /** A password from a file or a command; the variables of the environment when neither is given. */
    private static byte[] password(@Nullable Path givenFile, @Nullable String givenCommand) {
        String file = givenFile == null ? System.getenv(PASSWORD_FILE) : givenFile.toString();
        String command = givenCommand == null ? System.getenv(PASSWORD_COMMAND) : givenCommand;
        if (givenCommand == null && file != null) {
            return fromFile(Path.of(file));
        }
        if (command != null) {
            return bytes(() -> Secrets.fromCommand(command));
        }
        throw new CommandFault("no password: give --password-file or --password-command, or set " + PASSWORD_FILE
                + " or " + PASSWORD_COMMAND);
    }

    static byte[] fromFile(Path file) {
        return bytes(() -> Secrets.fromFile(file));
    }

    private static byte[] bytes(Supplier<Secret> place) {
        try (Secret secret = place.get()) {
            return secret.bytes();
        } catch (SourceFault fault) {
            throw new CommandFault(fault.getMessage(), fault);
        }
    }
}
