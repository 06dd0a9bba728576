package io.cairn.backup.schedule;

import io.cairn.backup.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The figures of policies in the text format of the metrics page. Metric names are API. Stateless. */
public final class BackupMetrics {
    /** A gauge: its name, what it says, and its value where there is one. */
    private record Gauge(String name, String help, BiFunction<Policy, PolicyState, Optional<Long>> value) {}

    private static final List<Gauge> GAUGES = List.of(
            new Gauge(
                    "backup_policy_created_timestamp_seconds",
                    "When the policy was first seen",
                    (_, state) -> time(state.created())),
            new Gauge(
                    "backup_last_attempt_timestamp_seconds",
                    "Begin of the last run",
                    (_, state) -> time(state.lastAttempt())),
            new Gauge(
                    "backup_last_success_timestamp_seconds",
                    "Last recovery point, complete and verified",
                    (_, state) -> time(state.lastSuccess())),
            new Gauge(
                    "recovery_point_latest_timestamp_seconds",
                    "Newest verified recovery point",
                    (_, state) -> time(state.lastSuccess())),
            new Gauge(
                    "backup_last_verify_timestamp_seconds",
                    "Last reading back without an error",
                    (_, state) -> time(state.lastSuccess())),
            new Gauge(
                    "rpo_target_seconds",
                    "How old the newest recovery point may be",
                    (policy, _) -> policy.rpo().map(Duration::toSeconds)),
            new Gauge(
                    "rto_target_seconds",
                    "How long a recovery may take",
                    (policy, _) -> policy.rto().map(Duration::toSeconds)),
            new Gauge(
                    "backup_last_seconds",
                    "How long the last good run took",
                    (_, state) -> after(state, state.seconds())),
            new Gauge(
                    "backup_last_size_bytes",
                    "Bytes of the last recovery point",
                    (_, state) -> after(state, state.bytes())),
            new Gauge(
                    "backup_last_changed_bytes",
                    "Bytes of it that the repository did not have",
                    (_, state) -> after(state, state.newBytes())),
            new Gauge(
                    "backup_last_dedupe_ratio",
                    "Size of the last recovery point by what of it was new",
                    (_, state) -> after(state, state.bytes() / Math.max(1, state.newBytes()))));

    private BackupMetrics() {}

    public static String render(Map<Policy, PolicyState> policies, Instant now) {
        StringBuilder page = new StringBuilder(2048);
        GAUGES.forEach(gauge -> each(page, gauge, policies));
        each(
                page,
                new Gauge(
                        "backup_interval_seconds",
                        "Time between two planned runs",
                        (policy, _) -> interval(policy, now)),
                policies);
        String runs = "backup_runs_total";
        page.append("# HELP cairn_").append(runs).append(" Runs by how they ended\n# TYPE cairn_");
        page.append(runs).append(" counter\n");
        policies.forEach((policy, state) -> {
            line(page, runs, label(policy) + ",result=\"success\"", state.succeeded());
            line(page, runs, label(policy) + ",result=\"failure\"", state.failed());
        });
        return page.toString();
    }

    private static void each(StringBuilder page, Gauge gauge, Map<Policy, PolicyState> policies) {
        page.append("# HELP cairn_")
                .append(gauge.name())
                .append(' ')
                .append(gauge.help())
                .append('\n');
        page.append("# TYPE cairn_").append(gauge.name()).append(" gauge\n");
        policies.forEach((policy, state) -> gauge.value()
                .apply(policy, state)
                .ifPresent(number -> line(page, gauge.name(), label(policy), number)));
    }

    /** Names of policies have no character that a label would have to escape. */
    private static String label(Policy policy) {
        return "policy=\"" + policy.name() + "\"";
    }

    private static void line(StringBuilder page, String name, String labels, long value) {
        page.append("cairn_")
                .append(name)
                .append('{')
                .append(labels)
                .append("} ")
                .append(value)
                .append('\n');
    }

    private static Optional<Long> time(Instant time) {
        return time.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(time.getEpochSecond());
    }

    private static Optional<Long> after(PolicyState state, long value) {
        return state.succeeded() == 0 ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Long> interval(Policy policy, Instant now) {
        return policy.schedule()
                .flatMap(cron -> cron.next(now)
                        .flatMap(first -> cron.next(first)
                                .map(second -> Duration.between(first, second).toSeconds())));
    }
}
