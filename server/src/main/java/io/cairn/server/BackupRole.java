package io.cairn.server;

import io.cairn.backup.escrow.KeyFiles;
import io.cairn.backup.kinds.Kinds;
import io.cairn.backup.point.RecoveryRun;
import io.cairn.backup.point.RunListener;
import io.cairn.backup.policy.Policy;
import io.cairn.backup.policy.PolicyFile;
import io.cairn.backup.policy.PolicyRun;
import io.cairn.backup.policy.RepositoryPlace;
import io.cairn.backup.schedule.BackupMetrics;
import io.cairn.backup.schedule.Scheduler;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The role {@code backup}: the policies of a directory, run when they are due. Thread-safe. */
final class BackupRole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRole.class);

    private final Clock clock = Clock.system();
    private final BackupSetup setup;
    private final Map<String, String> environment;
    private final Scheduler scheduler;

    private BackupRole(BackupSetup setup, List<Policy> policies, Map<String, String> environment) {
        this.setup = setup;
        this.environment = environment;
        this.scheduler = new Scheduler(setup.state(), policies, clock, this::run);
    }

    /** Reads the policies and begins to wait. What is wrong with one is a {@link StartFault}. */
    static BackupRole start(BackupSetup setup, Map<String, String> environment) {
        try {
            List<Policy> policies = PolicyFile.readAll(setup.policies());
            BackupRole role = new BackupRole(setup, policies, environment);
            role.scheduler.start();
            LOG.info("backup: {} policies in {}", policies.size(), setup.policies());
            return role;
        } catch (IllegalArgumentException | UncheckedIOException refused) {
            throw new StartFault(String.valueOf(refused.getMessage()), refused);
        }
    }

    private RecoveryRun.Outcome run(Policy policy) {
        var repository = RepositoryPlace.open(policy, environment, clock, Entropy.secure());
        List<KeyFiles.KeyFile> keys = setup.keys().stream()
                .map(file -> new KeyFiles.KeyFile(file, "of the daemon on this host: " + file, false))
                .toList();
        RunListener log = new RunListener() {
            @Override
            public void step(Step step, String part, String sentence) {
                LOG.info("policy {}: {}", policy.name(), sentence);
            }

            @Override
            public void problem(String sentence) {
                LOG.warn("policy {}: {}", policy.name(), sentence);
            }
        };
        var opener = PolicyRun.opener(Kinds.Settings.of(environment, clock));
        return new PolicyRun(policy, repository, opener, () -> KeyFiles.read(keys), log).run();
    }

    /** What the role adds to the metrics page. */
    String metrics() {
        return BackupMetrics.render(scheduler.states(), clock.now());
    }

    /** One sentence for each policy whose last run made no recovery point. */
    List<String> problems() {
        return scheduler.states().entrySet().stream()
                .filter(each ->
                        each.getValue().lastAttempt().isAfter(each.getValue().lastSuccess())
                                && !each.getValue().lastSentence().isEmpty()
                                && each.getValue().failed() > 0)
                .map(each -> "backup policy " + each.getKey().name() + ": the last run made no recovery point: "
                        + each.getValue().lastSentence())
                .toList();
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
