package io.cairn.cli;

import io.cairn.console.SnapshotInfo;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn volume snapshot …}: snapshots of one volume. */
@Command(
        name = "snapshot",
        description = "Takes, lists and removes snapshots of a volume.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class VolumeSnapshots {
    private static final double MICROS_PER_MILLI = 1000;

    @Spec
    private CommandSpec spec;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static String target(String volume) {
        return "volumes/" + ControlClient.part(volume) + "/snapshots";
    }

    @Command(
            name = "create",
            description = "Takes a snapshot that is consistent on disk, while the volume is used or not.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "VOLUME") String volume,
            @Parameters(paramLabel = "NAME", arity = "0..1", description = "Default: the time, as in 20261122_181500")
                    String name,
            @Option(
                            names = "--freeze-max",
                            paramLabel = "MILLISECONDS",
                            description = "For how long writers may wait where the pool has no reflinks. Default: 5000")
                    Long freezeMaxMillis) {
        Map<String, Object> body = new HashMap<>();
        body.put("name", name);
        body.put("freezeMaxMillis", freezeMaxMillis);
        SnapshotInfo taken = client.call("POST", target(volume), body, SnapshotInfo.class);
        if (client.json()) {
            out().println(AdminClient.pretty(taken));
            return 0;
        }
        out().println(volume + "@" + taken.name() + ": writers waited " + taken.frozenMicros() / MICROS_PER_MILLI
                + " ms" + (taken.shared() ? "" : ", a full copy was made"));
        if (taken.warning() != null) {
            out().println("  ! " + taken.warning());
        }
        return 0;
    }

    @Command(name = "ls", description = "Lists the snapshots, oldest first.", mixinStandardHelpOptions = true)
    int list(@Mixin ControlClient client, @Parameters(paramLabel = "VOLUME") String volume) {
        List<SnapshotInfo> snapshots = List.of(client.call("GET", target(volume), Map.of(), SnapshotInfo[].class));
        if (client.json()) {
            out().println(AdminClient.pretty(snapshots));
            return 0;
        }
        Table table = new Table("NAME", "CREATED", "SIZE", "ALLOCATED", "KIND", "");
        snapshots.forEach(snapshot -> table.row(
                snapshot.name(),
                snapshot.created(),
                VolumeWords.size(snapshot.size()),
                VolumeWords.size(snapshot.allocated()),
                snapshot.shared() ? "reflink" : "copy",
                snapshot.warning() == null ? "" : "! " + snapshot.warning()));
        table.print(out());
        return 0;
    }

    @Command(name = "rm", description = "Removes snapshots.", mixinStandardHelpOptions = true)
    int remove(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "VOLUME") String volume,
            @Parameters(paramLabel = "NAME", arity = "1..*") List<String> names) {
        List<String> removed = new ArrayList<>();
        int status = Each.of(spec, names, name -> {
            client.call("DELETE", target(volume) + "/" + ControlClient.part(name), Map.of());
            removed.add(name);
        });
        if (client.json()) {
            out().println(AdminClient.pretty(Map.of("removed", removed)));
        } else {
            removed.forEach(name -> out().println(volume + "@" + name));
        }
        return status;
    }
}
