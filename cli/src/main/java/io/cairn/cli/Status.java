package io.cairn.cli;

import io.cairn.base.ByteCount;
import io.cairn.console.NodeStatus;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cairn status}: health, drives, metadata members, healing. Exit status 0 only when all is well. */
@Command(
        name = "status",
        description = "Shows health, space, drives, metadata and healing. Exits with 1 when something is wrong.",
        mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private AdminClient client;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        NodeStatus status = client.call("GET", "status", Map.of(), NodeStatus.class);
        if (client.json()) {
            out.println(AdminClient.pretty(status));
        } else {
            print(out, status);
        }
        return status.status().equals("ok") ? 0 : 1;
    }

    private static void print(PrintWriter out, NodeStatus status) {
        out.println(status.status() + ": node " + status.nodeId() + ", version " + status.version() + ", up "
                + Math.round(status.uptimeSeconds()) + " s");
        status.problems().forEach(problem -> out.println("  ! " + problem));
        status.notices().forEach(notice -> out.println("  - " + notice));
        out.println(status.objects() + " objects, " + ByteCount.of(status.bytes()) + "; kept as " + status.small()
                + " (small), " + status.large() + " (large)");
        Drives.print(out, status.drives());
        status.drives().stream()
                .filter(drive -> !drive.mended().isEmpty())
                .forEach(drive -> out.println(
                        "  drive " + drive.id() + ": " + drive.mended() + "; look at the disk's own error counters"));
        Table members = new Table("METADATA MEMBER", "STATE", "APPLIED");
        status.members()
                .forEach(member -> members.row(
                        member.name(),
                        member.leader() ? "leader" : member.alive() ? "follower" : "out: " + member.failure(),
                        Long.toString(member.appliedIndex())));
        members.print(out);
        NodeStatus.HealInfo heal = status.healing();
        out.println("healing " + (heal.running() ? "now: " : "idle: ") + heal.blobsChecked() + " blobs checked, "
                + heal.rebuilt() + " shards rebuilt, " + heal.missing() + " missing, " + heal.lost() + " stripes lost, "
                + status.repairsWaiting() + " repairs waiting");
        out.println("scrub " + (status.scrub().running() ? "now: " : "idle: ")
                + status.scrub().blobs() + " blobs, "
                + ByteCount.of(status.scrub().bytes()) + " verified, "
                + status.scrub().rebuilt() + " shards rebuilt");
        out.println("reclaim: " + status.reclaimsWaiting() + " blobs waiting");
        out.flush();
    }
}
