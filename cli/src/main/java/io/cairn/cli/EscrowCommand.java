package io.cairn.cli;

import io.cairn.backup.escrow.KeyFiles;
import io.cairn.backup.point.Catalogue;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn backup keys …}: the keys that a recovery point keeps for the loss of a host. */
@Command(
        name = "keys",
        description = "Keys that recovery points keep for the loss of a host (docs/keys.md).",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class EscrowCommand {
    @Spec
    private CommandSpec spec;

    @Command(name = "ls", description = "Lists the keys of a recovery point.", mixinStandardHelpOptions = true)
    int list(
            @Mixin RepositoryOptions options, @Parameters(paramLabel = "POINT", defaultValue = "latest") String point) {
        return options.with(spec.commandLine().getErr(), repository -> {
            Catalogue.Entry entry = new Catalogue(repository).find(point);
            if (options.json()) {
                spec.commandLine()
                        .getOut()
                        .println(AdminClient.pretty(entry.point().keys()));
                return 0;
            }
            Table table = new Table("KEY", "SAYS");
            entry.point().keys().forEach((name, says) -> table.row(name, says));
            table.print(spec.commandLine().getOut());
            return 0;
        });
    }

    @Command(
            name = "export",
            description = "Writes the keys of a recovery point to files that only this user can read.",
            mixinStandardHelpOptions = true)
    int export(
            @Mixin RepositoryOptions options,
            @Parameters(paramLabel = "POINT", defaultValue = "latest") String point,
            @Option(names = "--target", required = true, paramLabel = "DIR") Path target) {
        return options.with(spec.commandLine().getErr(), repository -> {
            Catalogue catalogue = new Catalogue(repository);
            List<Path> written = KeyFiles.export(catalogue, catalogue.find(point), target);
            written.forEach(file -> spec.commandLine().getOut().println(file));
            spec.commandLine().getOut().flush();
            return 0;
        });
    }
}
