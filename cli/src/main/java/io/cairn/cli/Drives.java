package io.cairn.cli;

import io.cairn.base.ByteCount;
import io.cairn.console.DriveInfo;
import io.cairn.engine.OrphanReport;
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

/** {@code cairn drive …}: what drives there are, and adding and retiring them while the store runs. */
@Command(
        name = "drive",
        description = "Lists, adds and retires drives of a running store.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class Drives {
    @Spec
    private CommandSpec spec;

    @Command(name = "ls", description = "Lists the drives with their space.", mixinStandardHelpOptions = true)
    int list(@Mixin AdminClient client) {
        PrintWriter out = spec.commandLine().getOut();
        List<DriveInfo> drives = List.of(client.call("GET", "drives", Map.of(), DriveInfo[].class));
        if (client.json()) {
            out.println(AdminClient.pretty(drives));
        } else {
            print(out, drives);
        }
        return 0;
    }

    @Command(
            name = "add",
            description = "Makes an empty directory into a drive and lets it take part.",
            mixinStandardHelpOptions = true)
    int add(@Mixin AdminClient client, @Parameters(paramLabel = "DIR") Path directory) {
        PrintWriter out = spec.commandLine().getOut();
        String path = directory.toAbsolutePath().normalize().toString();
        DriveInfo added = client.call("POST", "drives", Map.of("path", path), DriveInfo[].class)[0];
        out.println(client.json() ? AdminClient.pretty(added) : "drive " + added.id() + " at " + path + " takes part");
        return 0;
    }

    @Command(
            name = "retire",
            description = "Takes a drive that is out of service off the map for good.",
            mixinStandardHelpOptions = true)
    int retire(
            @Mixin AdminClient client,
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--yes", required = true, description = "Confirms") boolean confirmed) {
        client.call("DELETE", "drives/" + AdminClient.piece(id), Map.of());
        spec.commandLine().getOut().println("drive " + id + " was retired");
        return 0;
    }

    @Command(
            name = "orphans",
            description = "Looks for shards that no object refers to; --release gives their space back.",
            mixinStandardHelpOptions = true)
    int orphans(@Mixin AdminClient client, @Option(names = "--release") boolean release) {
        OrphanReport report = client.call(release ? "DELETE" : "GET", "orphans", Map.of(), OrphanReport.class);
        spec.commandLine()
                .getOut()
                .println(
                        client.json()
                                ? AdminClient.pretty(report)
                                : report.shards() + " shards of " + report.blobs() + " orphaned blobs, "
                                        + ByteCount.of(report.bytes()) + (release ? ", released" : ""));
        return 0;
    }

    /** The drives with capacity, what is used, and what compaction will still give back. */
    static void print(PrintWriter out, List<DriveInfo> drives) {
        Table table = new Table("DRIVE", "STATE", "CAPACITY", "FREE", "LIVE", "DEAD", "SHARDS", "PATH");
        for (DriveInfo drive : drives) {
            table.row(
                    drive.id(),
                    drive.trouble().isEmpty() ? drive.state() : drive.state() + ", " + drive.trouble(),
                    ByteCount.of(drive.capacity()).toString(),
                    ByteCount.of(drive.free()).toString(),
                    ByteCount.of(Math.max(0, drive.live())).toString(),
                    ByteCount.of(Math.max(0, drive.dead())).toString(),
                    Long.toString(drive.shards()),
                    drive.path());
        }
        table.print(out);
    }
}
