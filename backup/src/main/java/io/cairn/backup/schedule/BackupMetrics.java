package io.cairn.backup.schedule;

import io.cairn.backup.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The figures of policies in the text format of the metrics page. Metric names are API. Stateless. */
public final class BackupMetrics {
    private BackupMetrics() {}

    public static String render(Map<Policy, PolicyState> policies, Instant now) {
        StringBuilder page = new StringBuilder(2048);
        each(
                page,
                "backup_policy_created_timestamp_seconds",
                "gauge",
                "When the policy was first seen",
                policies,
                (_, state) -> time(state.created()));
        each(
                page,
                "backup_last_attempt_timestamp_seconds",
                "gauge",
                "Begin of the last run",
                policies,
                (_, state) -> time(state.lastAttempt()));
        each(
                page,
                "backup_last_success_timestamp_seconds",
                "gauge",
                "Last recovery point, complete and verified",
                policies,
                (_, state) -> time(state.lastSuccess()));
        each(
                page,
                "recovery_point_latest_timestamp_seconds",
                "gauge",
                "Newest verified recovery point",
                policies,
                (_, state) -> time(state.lastSuccess()));
        each(
                page,
                "backup_last_verify_timestamp_seconds",
                "gauge",
                "Last reading back without an error",
                policies,
                (_, state) -> time(state.lastSuccess()));
        each(
                page,
                "backup_interval_seconds",
                "gauge",
                "Time between two planned runs",
                policies,
                (policy, _) -> interval(policy, now));
        each(
                page,
                "rpo_target_seconds",
                "gauge",
                "How old the newest recovery point may be",
                policies,
                (policy, _) -> policy.rpo().map(Duration::toSeconds));
        each(
                page,
                "rto_target_seconds",
                "gauge",
                "How long a recovery may take",
                policies,
                (policy, _) -> policy.rto().map(Duration::toSeconds));
        each(
                page,
                "backup_last_seconds",
                "gauge",
                "How long the last good run took",
                policies,
                (_, state) -> after(state, state.seconds()));
        each(
                page,
                "backup_last_size_bytes",
                "gauge",
                "Bytes of the last recovery point",
                policies,
                (_, state) -> after(state, state.bytes()));
        each(
                page,
                "backup_last_changed_bytes",
                "gauge",
                "Bytes of it that the repository did not have",
                policies,
                (_, state) -> after(state, state.newBytes()));
        each(
                page,
                "backup_last_dedupe_ratio",
                "gauge",
                "Size of the last recovery point by what of it was new",
                policies,
                (_, state) -> after(state, state.bytes() / Math.max(1, state.newBytes())));
        String runs = "backup_runs_total";
        page.append("# HELP cairn_").append(runs).append(" Runs by how they ended\n# TYPE cairn_");
        page.append(runs).append(" counter\n");
        policies.forEach((policy, state) -> {
            line(page, runs, label(policy) + ",result=\"success\"", state.succeeded());
            line(page, runs, label(policy) + ",result=\"failure\"", state.failed());
        });
        return page.toString();
    }

    private static void each(
            StringBuilder page,
            String name,
            String type,
            String help,
            Map<Policy, PolicyState> policies,
            BiFunction<Policy, PolicyState, Optional<Long>> value) {
        page.append("# HELP cairn_").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE cairn_").append(name).append(' ').append(type).append('\n');
        policies.forEach((policy, state) ->
                value.apply(policy, state).ifPresent(number -> line(page, name, label(policy), number)));
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
