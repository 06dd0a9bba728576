package io.cairn.backup.schedule;

import io.cairn.backup.policy.Policy;
import java.time.Instant;
import java.util.Optional;

/**
 * When a policy is to run next. {@code planned} is the time of its schedule, of which several that were missed count as
 * one, the last; {@code begin} is that with the jitter.
 */
record Due(Instant planned, Instant begin) {
    /** Empty when the policy has no schedule. */
    static Optional<Due> of(Policy policy, Instant handled, Instant now) {
        if (policy.schedule().isEmpty()) {
            return Optional.empty();
        }
        var cron = policy.schedule().get();
        Optional<Instant> planned = cron.next(handled);
        Optional<Instant> later = planned;
        while (later.isPresent() && !policy.begin(later.get()).isAfter(now)) {
            planned = later;
            later = cron.next(later.get());
        }
        return planned.map(time -> new Due(time, policy.begin(time)));
    }
}
