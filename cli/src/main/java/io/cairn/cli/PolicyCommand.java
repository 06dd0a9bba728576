package io.cairn.cli;

import io.cairn.backup.kinds.Kinds;
import io.cairn.backup.policy.Policy;
import io.cairn.backup.policy.PolicyFile;
import io.cairn.backup.policy.PolicyRun;
import io.cairn.backup.policy.RepositoryPlace;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn backup policy …}: looks at policies, and runs one now. */
@Command(
        name = "policy",
        description = "Policies: checks them, shows when they are due, runs one now.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class PolicyCommand {
    private static final int TIMES_DEFAULT = 5;

    @Spec
    private CommandSpec spec;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static Policy read(Path file) {
        try {
            return PolicyFile.read(file);
        } catch (IllegalArgumentException refused) {
            throw new CommandFault(String.valueOf(refused.getMessage()), refused);
        }
    }

    @Command(name = "check", description = "Reads policies and shows when they run.", mixinStandardHelpOptions = true)
    int check(
            @Parameters(arity = "1..*", paramLabel = "FILE") List<Path> files,
            @Option(names = "--json", description = "Print JSON") boolean json,
            @Option(names = "--times", paramLabel = "N", description = "How many of the next runs") Integer times) {
        int count = times == null ? TIMES_DEFAULT : times;
        List<Map<String, Object>> all = new ArrayList<>();
        for (Path file : files) {
            Policy policy = read(file);
            List<String> runs =
                    next(policy, count).stream().map(Instant::toString).toList();
            all.add(Map.of(
                    "policy", policy.name(),
                    "repository", policy.repository(),
                    "sources", policy.sources().size(),
                    "schedule", policy.schedule().map(Object::toString).orElse(""),
                    "next", runs));
            if (!json) {
                out().println("policy " + policy.name() + ": "
                        + policy.sources().size() + " sources into "
                        + policy.repository() + ", "
                        + policy.schedule().map(Object::toString).orElse("no schedule"));
                runs.forEach(run -> out().println("  " + run));
            }
        }
        if (json) {
            out().println(AdminClient.pretty(all));
        }
        out().flush();
        return 0;
    }

    private static List<Instant> next(Policy policy, int count) {
        List<Instant> times = new ArrayList<>();
        Instant after = Clock.system().now();
        while (policy.schedule().isPresent() && times.size() < count) {
            Optional<Instant> planned = policy.schedule().get().next(after);
            if (planned.isEmpty()) {
                break;
            }
            after = planned.get();
            times.add(policy.begin(after));
        }
        return times;
    }

    @Command(name = "run", description = "Runs a policy now.", mixinStandardHelpOptions = true)
    int run(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--json", description = "Print JSON") boolean json,
            @Option(names = "--progress", description = "auto, bar, json or none", defaultValue = "auto")
                    ProgressBar.Style style) {
        Policy policy = read(file);
        PrintWriter err = spec.commandLine().getErr();
        return RepositoryOptions.guarded(err, () -> {
            var repository = RepositoryPlace.open(policy, System.getenv(), Clock.system(), Entropy.secure());
            try (ProgressBar bar = new ProgressBar(err, style, Clock.system())) {
                var opener = PolicyRun.opener(Kinds.Settings.of(System.getenv(), Clock.system()));
                var outcome = new PolicyRun(policy, repository, opener, List::of, bar).run();
                bar.close();
                return PointWords.report(spec.commandLine(), json, outcome);
            }
        });
    }
}
