package io.cairn.cli;

import io.cairn.backup.point.Catalogue;
import io.cairn.backup.point.PointId;
import io.cairn.backup.point.PointTags;
import io.cairn.backup.policy.PointRetention;
import io.cairn.repository.Repository;
import io.cairn.repository.Retention;
import io.cairn.repository.Snapshot;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn backup forget}: removes snapshots by rules. */
@Command(
        name = "forget",
        description = {
            "Removes recovery points, and snapshots of none, that no rule keeps; `cairn repo prune` then gives their",
            "space back. The newest verified one of each policy or source always stays; while a recovery point is",
            "damaged, all recovery points stay."
        },
        mixinStandardHelpOptions = true)
final class ForgetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RepositoryOptions options;

    @Option(names = "--keep-last", paramLabel = "N", description = "-1 keeps all")
    private int last;

    @Option(names = "--keep-hourly", paramLabel = "N")
    private int hourly;

    @Option(names = "--keep-daily", paramLabel = "N")
    private int daily;

    @Option(names = "--keep-weekly", paramLabel = "N")
    private int weekly;

    @Option(names = "--keep-monthly", paramLabel = "N")
    private int monthly;

    @Option(names = "--keep-yearly", paramLabel = "N")
    private int yearly;

    @Option(names = "--keep-within", paramLabel = "PERIOD", description = "As P30D or P1Y6M", defaultValue = "P0D")
    private Period within = Period.ZERO;

    @Option(names = "--immutable", paramLabel = "PERIOD", description = "Younger ones stay", defaultValue = "P0D")
    private Period immutable = Period.ZERO;

    @Option(names = "--keep-tag", paramLabel = "TAG", description = "May be repeated")
    private Set<String> tags = Set.of();

    @Option(names = "--zone", paramLabel = "ZONE", description = "Whose days count. Default: this machine's")
    private String zone = "";

    @Option(names = "--dry-run", description = "Only show what would happen")
    private boolean dryRun;

    @Override
    public Integer call() {
        return options.with(spec.commandLine().getErr(), repository -> {
            Retention retention = new Retention(repository);
            Retention.Rules rules =
                    new Retention.Rules(last, hourly, daily, weekly, monthly, yearly, within, immutable, tags);
            ZoneId days = zone.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(zone);
            PointRetention points = new PointRetention(repository);
            List<PointRetention.Verdict> pointVerdicts = points.decide(rules, days, _ -> true);
            // Parts of recovery points stay and go with them.
            List<Retention.Verdict> verdicts = retention.decide(
                    rules, days, snapshot -> PointTags.pointOf(snapshot).isEmpty());
            print(pointVerdicts, verdicts);
            if (!dryRun) {
                points.forget(pointVerdicts);
                retention.forget(verdicts);
            }
            return 0;
        });
    }

    private void print(List<PointRetention.Verdict> points, List<Retention.Verdict> snapshots) {
        if (options.json()) {
            List<Map<String, Object>> all = new ArrayList<>();
            points.forEach(verdict -> all.add(Map.of(
                    "point", verdict.entry().point().id().text(),
                    "stays", verdict.stays(),
                    "reasons", verdict.reasons())));
            snapshots.forEach(verdict -> all.add(Map.of(
                    "snapshot", verdict.snapshot().id().toString(),
                    "stays", verdict.stays(),
                    "reasons", verdict.reasons())));
            spec.commandLine().getOut().println(AdminClient.pretty(all));
            return;
        }
        Table table = new Table("POINT OR SNAPSHOT", "TIME", "OF", "STAYS FOR");
        points.forEach(verdict -> table.row(
                verdict.entry().point().id().text(),
                verdict.entry().point().begun().toString(),
                verdict.entry().point().policy().isEmpty()
                        ? String.join(", ", verdict.entry().parts().keySet())
                        : verdict.entry().point().policy(),
                reasons(verdict.reasons())));
        snapshots.forEach(verdict -> table.row(
                verdict.snapshot().id().brief(),
                verdict.snapshot().time().toString(),
                String.join(", ", verdict.snapshot().paths()),
                reasons(verdict.reasons())));
        table.print(spec.commandLine().getOut());
    }

    private String reasons(List<String> reasons) {
        return reasons.isEmpty() ? dryRun ? "(would go)" : "(gone)" : String.join("; ", reasons);
    }

    @Command(
            name = "point",
            description = "Removes one recovery point, such as a damaged one; never the last verified of its policy.",
            mixinStandardHelpOptions = true)
    int point(@Mixin RepositoryOptions asked, @Parameters(paramLabel = "POINT") String name) {
        return asked.with(spec.commandLine().getErr(), repository -> {
            Catalogue.Entry entry = new Catalogue(repository).find(name);
            new PointRetention(repository).forgetOne(entry);
            spec.commandLine()
                    .getOut()
                    .println("recovery point " + entry.point().id() + " is forgotten");
            return 0;
        });
    }

    /** Of a recovery point its own snapshot, of which its holds are. */
    private static Snapshot heldSnapshot(Repository repository, String name) {
        return PointId.isId(name) ? new Catalogue(repository).find(name).snapshot() : repository.snapshot(name);
    }

    @Command(name = "hold", description = "Keeps a snapshot from being forgotten.", mixinStandardHelpOptions = true)
    int hold(
            @Mixin RepositoryOptions held,
            @Parameters(paramLabel = "POINT|SNAPSHOT") String name,
            @Option(names = "--reason", defaultValue = "held by hand") String reason,
            @Option(names = "--until", paramLabel = "TIME", description = "As 2027-01-31T00:00:00Z") Instant until) {
        return held.with(spec.commandLine().getErr(), repository -> {
            Snapshot snapshot = heldSnapshot(repository, name);
            new Retention(repository).hold(snapshot, reason, until == null ? Instant.EPOCH : until);
            return said(repository, snapshot, "is held");
        });
    }

    @Command(name = "release", description = "Ends a hold.", mixinStandardHelpOptions = true)
    int release(@Mixin RepositoryOptions held, @Parameters(paramLabel = "POINT|SNAPSHOT") String name) {
        return held.with(spec.commandLine().getErr(), repository -> {
            Snapshot snapshot = heldSnapshot(repository, name);
            new Retention(repository).release(snapshot);
            return said(repository, snapshot, "is released");
        });
    }

    private int said(Repository repository, Snapshot snapshot, String what) {
        spec.commandLine()
                .getOut()
                .println(snapshot + " " + what + " in " + repository.backend().place());
        return 0;
    }
}
