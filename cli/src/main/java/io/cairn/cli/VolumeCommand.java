package io.cairn.cli;

import io.cairn.base.ByteCount;
import io.cairn.console.DiffInfo;
import io.cairn.console.ResizeInfo;
import io.cairn.console.SnapshotInfo;
import io.cairn.console.VolumeInfo;
import io.cairn.volumes.Reconciliation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn volume …}: volumes of this host, whoever uses them. Asks the daemon on its control socket. */
@Command(
        name = "volume",
        description = "Creates, shows, grows, snapshots and removes the volumes of this host.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {VolumeSnapshots.class, VolumeKeys.class, VolumePools.class, Doctor.class})
final class VolumeCommand {
    @Spec
    private CommandSpec spec;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(
            name = "create",
            description = "Creates a volume; docs/volume-options.md has every option.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = {"-o", "--opt"},
                            paramLabel = "OPTION=VALUE",
                            description = "May be repeated: -o size=10G")
                    Map<String, String> options) {
        return make(client, name, options == null ? Map.of() : options);
    }

    @Command(
            name = "clone",
            description = "Makes a volume of another, as it is or as it was at a snapshot.",
            mixinStandardHelpOptions = true)
    int clone(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "VOLUME[@SNAPSHOT]") String source,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = {"-o", "--opt"},
                            paramLabel = "OPTION=VALUE",
                            description = "May be repeated")
                    Map<String, String> options) {
        Map<String, String> all = new LinkedHashMap<>(options == null ? Map.of() : options);
        all.put("from", source);
        return make(client, name, all);
    }

    private int make(ControlClient client, String name, Map<String, String> options) {
        Map<String, Object> body = Map.of("name", name, "options", options);
        VolumeInfo made = client.callUntilDone("POST", "volumes", body, VolumeInfo.class);
        if (client.json()) {
            out().println(AdminClient.pretty(made));
        } else {
            out().println("volume " + name + ": " + VolumeWords.summary(made));
            made.warnings().forEach(warning -> out().println("  ! " + warning));
        }
        return 0;
    }

    @Command(name = "ls", description = "Lists the volumes.", mixinStandardHelpOptions = true)
    int list(@Mixin ControlClient client) {
        List<VolumeInfo> volumes = List.of(client.call("GET", "volumes", Map.of(), VolumeInfo[].class));
        if (client.json()) {
            out().println(AdminClient.pretty(volumes));
        } else {
            VolumeWords.table(volumes).print(out());
        }
        return 0;
    }

    @Command(name = "inspect", description = "Shows all that is known of volumes.", mixinStandardHelpOptions = true)
    int inspect(@Mixin ControlClient client, @Parameters(paramLabel = "VOLUME", arity = "1..*") List<String> names) {
        List<VolumeInfo> found = new ArrayList<>();
        for (String name : names) {
            found.add(client.call("GET", "volumes/" + ControlClient.part(name), Map.of(), VolumeInfo.class));
        }
        if (client.json()) {
            out().println(AdminClient.pretty(found));
        } else {
            found.forEach(volume -> VolumeWords.describe(out(), volume));
        }
        return 0;
    }

    @Command(name = "resize", description = "Makes a volume larger, mounted or not.", mixinStandardHelpOptions = true)
    int resize(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "VOLUME") String name,
            @Parameters(paramLabel = "SIZE", description = "The new size: 20G, 512MiB") String size) {
        ResizeInfo resized = client.callUntilDone(
                "POST", "volumes/" + ControlClient.part(name) + "/resize", Map.of("size", size), ResizeInfo.class);
        String words = "volume " + name + ": " + ByteCount.of(resized.from()) + " -> " + ByteCount.of(resized.to())
                + (resized.pending() == null ? "" : "; " + resized.pending());
        out().println(client.json() ? AdminClient.pretty(resized) : words);
        return 0;
    }

    @Command(
            name = "rm",
            description = "Removes volumes and their data for good; refused while somebody has them.",
            mixinStandardHelpOptions = true)
    int remove(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "VOLUME", arity = "1..*") List<String> names,
            @Option(names = "--snapshots", description = "Remove their snapshots too") boolean snapshots) {
        List<String> removed = new ArrayList<>();
        int status = Each.of(spec, names, name -> {
            client.call(
                    "DELETE", "volumes/" + ControlClient.part(name) + (snapshots ? "?snapshots=yes" : ""), Map.of());
            removed.add(name);
        });
        if (client.json()) {
            out().println(AdminClient.pretty(Map.of("removed", removed)));
        } else {
            removed.forEach(out()::println);
        }
        return status;
    }

    @Command(
            name = "rollback",
            description = "Makes an unmounted volume what it was at a snapshot; what was written since is lost.",
            mixinStandardHelpOptions = true)
    int rollback(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "VOLUME") String name,
            @Parameters(paramLabel = "SNAPSHOT") String snapshot,
            @Option(names = "--yes", required = true, description = "Confirms") boolean confirmed) {
        SnapshotInfo now = client.call(
                "POST",
                "volumes/" + ControlClient.part(name) + "/rollback",
                Map.of("name", snapshot),
                SnapshotInfo.class);
        out().println(
                        client.json()
                                ? AdminClient.pretty(now)
                                : "volume " + name + " is what it was at " + now.name() + " (" + now.created() + ")");
        return 0;
    }

    @Command(
            name = "trim",
            description = "Gives room that is free in the filesystem back to the pool.",
            mixinStandardHelpOptions = true)
    int trim(@Mixin ControlClient client, @Parameters(paramLabel = "VOLUME", arity = "1..*") List<String> names) {
        Map<String, Long> trimmed = new LinkedHashMap<>();
        int status = Each.of(
                spec,
                names,
                name -> trimmed.put(
                        name,
                        client.call("POST", "volumes/" + ControlClient.part(name) + "/trim", Map.of())
                                .path("bytes")
                                .asLong()));
        if (client.json()) {
            out().println(AdminClient.pretty(trimmed));
        } else {
            trimmed.forEach((name, bytes) -> out().println(name + ": " + ByteCount.of(bytes) + " trimmed"));
        }
        return status;
    }

    @Command(
            name = "reencrypt",
            description = "Encrypts all data of a volume again, under a new volume key. Takes long.",
            mixinStandardHelpOptions = true)
    int reencrypt(@Mixin ControlClient client, @Parameters(paramLabel = "VOLUME") String name) {
        VolumeInfo done = client.callUntilDone(
                "POST", "volumes/" + ControlClient.part(name) + "/reencrypt", Map.of(), VolumeInfo.class);
        out().println(client.json() ? AdminClient.pretty(done) : "volume " + name + " has a new volume key");
        return 0;
    }

    @Command(
            name = "diff",
            description = "Shows which bytes changed up to a snapshot, for incremental copies.",
            mixinStandardHelpOptions = true)
    int diff(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "VOLUME") String name,
            @Parameters(paramLabel = "SNAPSHOT") String to,
            @Option(
                            names = "--from",
                            paramLabel = "SNAPSHOT",
                            description = "Since this one; by default all that the other holds",
                            defaultValue = "")
                    String from) {
        String query = "?to=" + ControlClient.part(to) + (from.isEmpty() ? "" : "&from=" + ControlClient.part(from));
        DiffInfo diff = client.call(
                "GET", "volumes/" + ControlClient.part(name) + "/changes" + query, Map.of(), DiffInfo.class);
        if (client.json()) {
            out().println(AdminClient.pretty(diff));
            return 0;
        }
        out().println(ByteCount.of(diff.bytes()) + " in " + diff.ranges().size() + " ranges of " + diff.image()
                + (diff.exact() ? "" : " (all that it holds: the pool shares no blocks)"));
        Table table = new Table("OFFSET", "LENGTH");
        diff.ranges().forEach(range -> table.row(Long.toString(range.offset()), Long.toString(range.length())));
        table.print(out());
        return 0;
    }

    @Command(
            name = "reconcile",
            description = "Compares registry, devices and mounts now, and puts right what it may.",
            mixinStandardHelpOptions = true)
    int reconcile(@Mixin ControlClient client) {
        Reconciliation done = client.call("POST", "reconcile", Map.of(), Reconciliation.class);
        if (client.json()) {
            out().println(AdminClient.pretty(done));
        } else {
            done.repairs().forEach(repair -> out().println("put right: " + repair));
            done.problems().forEach(problem -> out().println("! " + problem));
            out().println(
                            done.repairs().isEmpty() && done.problems().isEmpty()
                                    ? "all is as it should be"
                                    : done.repairs().size() + " put right, "
                                            + done.problems().size() + " need you");
        }
        return done.problems().isEmpty() ? 0 : 1;
    }
}
