package io.cairn.cli;

import io.cairn.repository.Repository;
import io.cairn.repository.Retention;
import io.cairn.repository.Snapshot;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
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
            "Removes snapshots that no rule keeps; `cairn repo prune` then gives their space back.",
            "The newest verified snapshot of each source always stays."
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
            List<Retention.Verdict> verdicts =
                    retention.decide(rules, zone.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(zone));
            print(verdicts);
            if (!dryRun) {
                retention.forget(verdicts);
            }
            return 0;
        });
    }

    private void print(List<Retention.Verdict> verdicts) {
        if (options.json()) {
            spec.commandLine()
                    .getOut()
                    .println(AdminClient.pretty(verdicts.stream()
                            .map(verdict -> Map.of(
                                    "snapshot", verdict.snapshot().id().toString(),
                                    "stays", verdict.stays(),
                                    "reasons", verdict.reasons()))
                            .toList()));
            return;
        }
        Table table = new Table("SNAPSHOT", "TIME", "PATHS", "STAYS FOR");
        verdicts.forEach(verdict -> table.row(
                verdict.snapshot().id().brief(),
                verdict.snapshot().time().toString(),
                String.join(", ", verdict.snapshot().paths()),
                verdict.stays() ? String.join("; ", verdict.reasons()) : dryRun ? "(would go)" : "(gone)"));
        table.print(spec.commandLine().getOut());
    }

    @Command(name = "hold", description = "Keeps a snapshot from being forgotten.", mixinStandardHelpOptions = true)
    int hold(
            @Mixin RepositoryOptions held,
            @Parameters(paramLabel = "SNAPSHOT") String name,
            @Option(names = "--reason", defaultValue = "held by hand") String reason,
            @Option(names = "--until", paramLabel = "TIME", description = "As 2027-01-31T00:00:00Z") Instant until) {
        return held.with(spec.commandLine().getErr(), repository -> {
            Snapshot snapshot = repository.snapshot(name);
            new Retention(repository).hold(snapshot, reason, until == null ? Instant.EPOCH : until);
            return said(repository, snapshot, "is held");
        });
    }

    @Command(name = "release", description = "Ends a hold.", mixinStandardHelpOptions = true)
    int release(@Mixin RepositoryOptions held, @Parameters(paramLabel = "SNAPSHOT") String name) {
        return held.with(spec.commandLine().getErr(), repository -> {
            Snapshot snapshot = repository.snapshot(name);
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
