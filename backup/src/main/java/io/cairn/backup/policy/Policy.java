package io.cairn.backup.policy;

import io.cairn.backup.command.Hooks;
import io.cairn.repository.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What is to be backed up when, and how long it is kept. {@code password} says where the repository's password comes
 * from, {@code password-file} or {@code password-command}. {@code recheck}: a point that was not read for that long is
 * read again, zero for never. {@code escrow}: files of keys that are kept in each point.
 */
public record Policy(
        String name,
        String repository,
        Map<String, String> password,
        List<PolicySource> sources,
        Optional<Cron> schedule,
        Duration jitter,
        Retention.Rules keep,
        Optional<Duration> rpo,
        Optional<Duration> rto,
        Duration recheck,
        List<String> escrow) {
    public Policy {
        escrow = List.copyOf(escrow);
        password = Map.copyOf(password);
        sources = List.copyOf(sources);
    }

    /** A source with what its word cannot say. {@code command} is empty unless the source is a program. */
    public record PolicySource(
            String word, List<String> command, String name, Duration timeout, List<String> exclude, Hooks hooks) {
        public PolicySource {
            command = List.copyOf(command);
            exclude = List.copyOf(exclude);
        }
    }

    /**
     * When the run that is planned for a time begins: later by a part of the jitter that is always the same for that
     * policy and time, so that a restart does not change it.
     */
    public Instant begin(Instant planned) {
        if (jitter.isZero()) {
            return planned;
        }
        CRC32 hash = new CRC32();
        hash.update((name + "\n" + planned).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return planned.plusMillis(hash.getValue() * jitter.toMillis() >>> Integer.SIZE);
    }
}
