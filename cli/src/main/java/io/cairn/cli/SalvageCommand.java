package io.cairn.cli;

import io.cairn.engine.Salvage;
import io.cairn.model.StorageFault;
import io.cairn.server.SalvageRun;
import io.cairn.server.StartFault;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cairn salvage}: rebuilds lost metadata from the drives of a stopped store. */
@Command(
        name = "salvage",
        description = {
            "Rebuilds the metadata of a stopped store from its drives, when all of it was lost.",
            "What is left of the old metadata is moved aside, never deleted."
        },
        mixinStandardHelpOptions = true)
final class SalvageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A data directory; one per drive, may be repeated. Default: ./cairn-data")
    private List<Path> data = new ArrayList<>();

    @Option(names = "--force", description = "Go on although some metadata is still there; it is moved aside")
    private boolean force;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<Path> directories = data.isEmpty() ? List.of(Path.of("cairn-data")) : data;
            Salvage.Report report = SalvageRun.run(directories, force, step -> {
                err.println("  " + step);
                err.flush();
            });
            out.println(json ? AdminClient.pretty(report) : words(report));
            return report.incomplete() == 0 ? 0 : 1;
        } catch (StartFault | StorageFault fault) {
            err.println("cairn salvage: " + fault.getMessage());
            return 1;
        }
    }

    private static String words(Salvage.Report report) {
        return report.objects() + " objects in " + report.buckets() + " buckets and " + report.users()
                + " access keys are back; " + report.replaced() + " older writes of the same keys were dropped, "
                + report.unfinishedParts() + " parts of unfinished uploads are kept on the drives, "
                + report.incomplete() + " objects lack shards on these drives, " + report.damagedLabels()
                + " shards had unreadable labels";
    }
}
