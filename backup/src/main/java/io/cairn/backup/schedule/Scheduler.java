package io.cairn.backup.schedule;

import io.cairn.backup.SourceFault;
import io.cairn.backup.point.RecoveryRun;
import io.cairn.backup.policy.Policy;
import io.cairn.base.Clock;
import io.cairn.repository.store.RepositoryFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs policies when they are due: a thread for each, so that runs of one never overlap; at most some at once. Runs
 * that were missed are caught up once. The wall clock is looked at every half minute, because it may jump. Safe for use
 * by many threads.
 */
public final class Scheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration LOOK = Duration.ofSeconds(30);
    private static final Duration JUMP = Duration.ofHours(1);
    private static final int AT_ONCE = 2;
    private static final Duration END_WAIT = Duration.ofSeconds(20);

    private final Path directory;
    private final Clock clock;
    private final Function<Policy, RecoveryRun.Outcome> runner;
    private final Map<String, PolicyState> states = new ConcurrentHashMap<>();
    private final Map<String, Policy> policies = new LinkedHashMap<>();
    private final Map<String, Thread> threads = new LinkedHashMap<>();
    private final Semaphore running = new Semaphore(AT_ONCE);
    private final CountDownLatch stop = new CountDownLatch(1);

    /** @param directory remembers the states; made when it is not there */
    public Scheduler(Path directory, List<Policy> policies, Clock clock, Function<Policy, RecoveryRun.Outcome> runner) {
        this.directory = directory;
        this.clock = clock;
        this.runner = runner;
        try {
            Files.createDirectories(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make the directory of the scheduler, " + directory, failed);
        }
        for (Policy policy : policies) {
            PolicyState state = PolicyState.load(file(policy), clock.now());
            state.save(file(policy));
            this.policies.put(policy.name(), policy);
            states.put(policy.name(), state);
        }
    }

    /** Starts the threads. */
    public void start() {
        policies.values()
                .forEach(policy -> threads.put(
                        policy.name(),
                        Thread.ofPlatform()
                                .name("cairn-backup-" + policy.name())
                                .start(() -> loop(policy))));
    }

    /** Policies and what is remembered of them. */
    public Map<Policy, PolicyState> states() {
        Map<Policy, PolicyState> all = new LinkedHashMap<>();
        policies.values().forEach(policy -> all.put(policy, state(policy)));
        return all;
    }

    private PolicyState state(Policy policy) {
        return states.getOrDefault(policy.name(), PolicyState.fresh(clock.now()));
    }

    private Path file(Policy policy) {
        return directory.resolve(policy.name() + ".json");
    }

    /** The root of a policy's thread: a defect ends a run, not the policy. */
    private void loop(Policy policy) {
        Duration time = Duration.ZERO;
        try {
            while (!stop.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    time = look(policy).filter(wait -> wait.compareTo(LOOK) < 0).orElse(LOOK);
                } catch (RuntimeException defect) {
                    LOG.error("policy {}: a run ended by a defect", policy.name(), defect);
                    time = LOOK;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs the policy if it is due; how long it is until it may be due again. */
    Optional<Duration> look(Policy policy) throws InterruptedException {
        Instant now = clock.now();
        if (state(policy).handled().isAfter(now.plus(JUMP))) {
            // The clock went back far: nothing is owed from before, and the future that it showed is not waited for.
            LOG.warn("policy {}: the clock went back to {}; its schedule begins anew", policy.name(), now);
            remember(policy, state(policy).handled(now, state(policy).lastAttempt()));
        }
        Optional<Due> due = Due.of(policy, state(policy).handled(), now);
        if (due.isPresent() && !due.get().begin().isAfter(now)) {
            running.acquire();
            try {
                run(policy, due.get());
            } finally {
                running.release();
            }
            return Optional.of(Duration.ZERO);
        }
        return due.map(next -> Duration.between(now, next.begin()));
    }

    /** The state is written before the run: one that kills the daemon is not tried again and again. */
    private void run(Policy policy, Due due) {
        remember(policy, state(policy).handled(due.planned(), clock.now()));
        long begun = clock.nanos();
        LOG.info("policy {}: begins, planned for {}", policy.name(), due.planned());
        try {
            RecoveryRun.Outcome outcome = runner.apply(policy);
            String run = outcome.record().id().text();
            switch (outcome) {
                case RecoveryRun.Outcome.Complete complete -> {
                    long seconds = TimeUnit.NANOSECONDS.toSeconds(clock.nanos() - begun);
                    long bytes = complete.point().bytes();
                    remember(
                            policy,
                            state(policy)
                                    .succeeded(
                                            clock.now(),
                                            run,
                                            seconds,
                                            bytes,
                                            complete.point().newBytes()));
                    LOG.info("policy {}: recovery point {}, {} bytes", policy.name(), run, bytes);
                }
                case RecoveryRun.Outcome.Unverified _ -> failed(policy, run, "complete, not verified");
                case RecoveryRun.Outcome.Failed failed ->
                    failed(
                            policy,
                            run,
                            String.join("; ", failed.record().problems().values()));
            }
        } catch (RepositoryFault | SourceFault fault) {
            failed(policy, "", String.valueOf(fault.getMessage()));
        }
    }

    private void failed(Policy policy, String run, String sentence) {
        remember(policy, state(policy).failed(run, sentence));
        LOG.error("policy {}: no recovery point: {}", policy.name(), sentence);
    }

    private void remember(Policy policy, PolicyState state) {
        states.put(policy.name(), state);
        state.save(file(policy));
    }

    /** Waits some seconds for runs; one that is still under way then leaves a partial run. */
    @Override
    public void close() {
        stop.countDown();
        try {
            for (Thread thread : threads.values()) {
                thread.join(END_WAIT);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
