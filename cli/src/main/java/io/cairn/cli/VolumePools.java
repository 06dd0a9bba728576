package io.cairn.cli;

import io.cairn.console.PoolInfo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn volume pool …}: the directories that hold the volumes' images. */
@Command(
        name = "pool",
        description = "Shows the pools, and forgets one that is gone for good.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class VolumePools {
    @Spec
    private CommandSpec spec;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(name = "ls", description = "Lists the pools with their room.", mixinStandardHelpOptions = true)
    int list(@Mixin ControlClient client) {
        List<PoolInfo> pools = List.of(client.call("GET", "pools", Map.of(), PoolInfo[].class));
        if (client.json()) {
            out().println(AdminClient.pretty(pools));
            return 0;
        }
        Table table = new Table("POOL", "STATE", "SIZE", "AVAILABLE", "PROMISED", "AT MOST", "REFLINKS", "DIRECTORY");
        pools.forEach(pool -> table.row(
                pool.name(),
                pool.problem().isEmpty() ? pool.level() : pool.problem(),
                VolumeWords.size(pool.size()),
                VolumeWords.size(pool.available()),
                VolumeWords.size(pool.committed()),
                VolumeWords.size(pool.committedMax()),
                pool.reflinks() ? "yes" : "no",
                pool.directory()));
        table.print(out());
        return 0;
    }

    @Command(
            name = "forget",
            description = "Forgets a pool that is gone for good, so that its directory may become a new, empty one.",
            mixinStandardHelpOptions = true)
    int forget(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "DIR") Path directory,
            @Option(names = "--yes", required = true, description = "Confirms") boolean confirmed) {
        String path = directory.toAbsolutePath().normalize().toString();
        client.call("POST", "pools", Map.of("directory", path));
        out().println(
                        client.json()
                                ? AdminClient.pretty(Map.of("forgotten", path))
                                : "the pool at " + path + " is forgotten");
        return 0;
    }
}
