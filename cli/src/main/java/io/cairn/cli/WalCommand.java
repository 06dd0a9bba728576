package io.cairn.cli;

import io.cairn.backup.Part;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceSpec;
import io.cairn.backup.kinds.Kinds;
import io.cairn.backup.point.RecoveryRun;
import io.cairn.backup.point.RunListener;
import io.cairn.backup.point.RunRequest;
import io.cairn.backup.postgres.BaseSnapshot;
import io.cairn.backup.postgres.Lsn;
import io.cairn.backup.postgres.PostgresAddress;
import io.cairn.backup.postgres.WalArea;
import io.cairn.backup.postgres.WalEvents;
import io.cairn.backup.postgres.WalExpiry;
import io.cairn.backup.postgres.WalReceiver;
import io.cairn.backup.postgres.WalService;
import io.cairn.base.Clock;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cairn backup wal}: keeps the WAL of a PostgreSQL cluster in the repository, second by second. */
@Command(
        name = "wal",
        description = {
            "Receives the WAL of a PostgreSQL cluster until it is told to stop, and takes a base backup when there is",
            "none, or none after a gap. With --status: says what there is, and ends."
        },
        mixinStandardHelpOptions = true)
final class WalCommand implements Callable<Integer> {
    private static final int STOP_SECONDS = 30;
    private static final long SHOW_NANOS = 10_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RepositoryOptions options;

    @Option(names = "--source", required = true, paramLabel = "WORD", description = "postgres://user@host:port?…")
    private String word = "";

    @Option(names = "--slot", defaultValue = "cairn", description = "The replication slot; made when it is not there")
    private String slot = "";

    @Option(
            names = "--synchronous",
            description =
                    "Acknowledge every commit as soon as it is durable in the repository. Put the application name"
                            + " into synchronous_standby_names of the server, and no acknowledged commit is ever lost")
    private boolean synchronous;

    @Option(names = "--application-name", defaultValue = "cairn", description = "What the server calls the receiver")
    private String applicationName = "";

    @Option(names = "--no-base", description = "Never take a base backup")
    private boolean noBase;

    @Option(names = "--status", description = "Say what there is, and end; status 4 when there is a gap")
    private boolean status;

    @Option(names = "--expire", description = "Forget WAL that is older than every base backup, and end")
    private boolean expire;

    @Override
    public Integer call() {
        return options.with(spec.commandLine().getErr(), repository -> {
            SourceSpec source = SourceSpec.parse(word);
            PostgresAddress address = PostgresAddress.parse(source.address());
            if (expire) {
                int count = WalExpiry.run(repository, address.name());
                spec.commandLine()
                        .getOut()
                        .println("forgot " + count + " snapshots of WAL; prune gives back their space");
                spec.commandLine().getOut().flush();
                return 0;
            }
            return status ? status(repository, address) : receive(repository, address, source);
        });
    }

    private int receive(Repository repository, PostgresAddress address, SourceSpec source) {
        var settings = new WalReceiver.Settings(slot, synchronous, applicationName);
        var stop = new AtomicBoolean();
        var ended = new CountDownLatch(1);
        Thread worker = Thread.currentThread();
        Thread hook = Thread.ofPlatform().name("wal-stop").unstarted(() -> {
            stop.set(true);
            worker.interrupt();
            await(ended);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            new WalService(
                            repository,
                            address,
                            password(source),
                            settings,
                            () -> base(repository),
                            new Lines(spec.commandLine().getErr(), Clock.system()))
                    .run(stop::get);
            return 0;
        } finally {
            ended.countDown();
        }
    }

    private static void await(CountDownLatch ended) {
        try {
            // What is not durable by then was not acknowledged either.
            while (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    private static Supplier<Optional<byte[]>> password(SourceSpec source) {
        var secrets = new io.cairn.backup.Secrets(source.options(), System.getenv());
        return () -> secrets.find("password").map(io.cairn.backup.Secret::bytes);
    }

    /** A recovery point of its own, as `cairn backup run` makes it. */
    private void base(Repository repository) {
        if (noBase) {
            return;
        }
        try (Part part =
                Kinds.with(Kinds.Settings.of(System.getenv(), Clock.system())).open(word)) {
            var request = RunRequest.of(List.of(part), List.of(), true);
            if (new RecoveryRun(repository, request, RunListener.NONE).run() instanceof RecoveryRun.Outcome.Failed) {
                throw new SourceFault.Unreachable("the run failed, see `cairn backup ls --partial`");
            }
        }
    }

    /** Tells what happens, a line each; how far it is, now and then. Called by several threads. */
    private static final class Lines implements WalEvents {
        private final PrintWriter err;
        private final Clock clock;
        private Optional<Long> shown = Optional.empty();

        Lines(PrintWriter err, Clock clock) {
            this.err = err;
            this.clock = clock;
        }

        @Override
        public synchronized void progress(long timeline, Lsn flushed, Lsn written) {
            long now = clock.nanos();
            if (shown.isEmpty() || now - shown.get() > SHOW_NANOS) {
                shown = Optional.of(now);
                line("received to " + flushed + " of timeline " + timeline + ", the server is at " + written);
            }
        }

        @Override
        public void note(String sentence) {
            line(sentence);
        }

        @Override
        public void alarm(String sentence) {
            line("ALARM: " + sentence);
        }

        @Override
        public void gap(WalArea.Gap gap) {
            line("ALARM: " + gap);
        }

        private synchronized void line(String sentence) {
            err.println(clock.now() + " " + sentence);
            err.flush();
        }
    }

    private int status(Repository repository, PostgresAddress address) {
        var area = new WalArea(repository, address.name());
        PrintWriter out = spec.commandLine().getOut();
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            Optional<WalArea.Head> head = area.head();
            Optional<String> last =
                    head.flatMap(h -> WalArea.last(repository, reader, area)).map(Object::toString);
            List<BaseSnapshot> bases = BaseSnapshot.all(repository, reader, address.name());
            List<WalArea.Gap> gaps = area.gaps();
            if (options.json()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("system", head.map(WalArea.Head::system).orElse(""));
                json.put("received", last.orElse(""));
                json.put(
                        "bases",
                        bases.stream()
                                .map(base -> base.snapshot().id().toString())
                                .toList());
                json.put("gaps", gaps.stream().map(WalArea.Gap::toString).toList());
                out.println(AdminClient.pretty(json));
            } else {
                out.println(head.map(h -> "cluster " + h.system() + ", received to " + last.orElse("nothing"))
                        .orElse("there is no WAL of " + address.name()));
                bases.forEach(base -> out.println("base " + base.snapshot().id().brief() + " of " + base.ended()
                        + ", from " + base.start() + " to " + base.end() + " of timeline " + base.timeline()));
                gaps.forEach(out::println);
            }
            out.flush();
            return gaps.isEmpty() ? 0 : RepositoryOptions.DAMAGED;
        }
    }
}
