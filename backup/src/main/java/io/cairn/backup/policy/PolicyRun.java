package io.cairn.backup.policy;

import io.cairn.backup.Part;
import io.cairn.backup.command.CommandSource;
import io.cairn.backup.command.Hooked;
import io.cairn.backup.escrow.KeyFiles;
import io.cairn.backup.kinds.Kinds;
import io.cairn.backup.point.Catalogue;
import io.cairn.backup.point.EscrowedKey;
import io.cairn.backup.point.Partials;
import io.cairn.backup.point.PointVerification;
import io.cairn.backup.point.RecoveryRun;
import io.cairn.backup.point.RunListener;
import io.cairn.backup.point.RunRequest;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.Verification;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One run of one policy: a recovery point, and after a good one a second look at the point that was not read for
 * longest and the removal of points that no rule keeps; and always the removal of what earlier failed runs left. One
 * use, one thread.
 */
public final class PolicyRun {
    private final Policy policy;
    private final Repository repository;
    private final Function<Policy.PolicySource, Part> sources;
    private final Supplier<List<EscrowedKey>> keys;
    private final RunListener listener;

    public PolicyRun(
            Policy policy,
            Repository repository,
            Function<Policy.PolicySource, Part> sources,
            Supplier<List<EscrowedKey>> keys,
            RunListener listener) {
        this.policy = policy;
        this.repository = repository;
        this.sources = sources;
        this.keys = keys;
        this.listener = listener;
    }

    /** Opens the sources of policies, with settings that each changes for itself. */
    public static Function<Policy.PolicySource, Part> opener(Kinds.Settings settings) {
        return source -> {
            Part part = source.command().isEmpty()
                    ? Kinds.with(settings.named(source.name(), source.timeout(), excluded(source.exclude())))
                            .open(source.word())
                    : new CommandSource(source.command(), source.name(), source.timeout(), settings.clock());
            return source.hooks().isEmpty() ? part : new Hooked(part, source.hooks());
        };
    }

    private static Predicate<String> excluded(List<String> globs) {
        List<PathMatcher> matchers = globs.stream()
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
        return path -> matchers.stream().anyMatch(matcher -> matcher.matches(Path.of(path)));
    }

    public RecoveryRun.Outcome run() {
        List<Part> parts = new ArrayList<>();
        try {
            policy.sources().forEach(source -> parts.add(sources.apply(source)));
            RunRequest request =
                    new RunRequest(policy.name(), parts, List.of(), true, this::escrowed, Optional.empty());
            RecoveryRun.Outcome outcome = new RecoveryRun(repository, request, listener).run();
            if (outcome instanceof RecoveryRun.Outcome.Complete) {
                recheck();
                PointRetention retention = new PointRetention(repository);
                ZoneId zone = policy.schedule().map(Cron::zone).orElse(ZoneId.of("UTC"));
                retention.forget(retention.decide(policy.keep(), zone, this::ours));
            }
            new Partials(repository).collect(Partials.GRACE_DEFAULT);
            return outcome;
        } finally {
            parts.forEach(Part::close);
        }
    }

    private List<EscrowedKey> escrowed() {
        List<EscrowedKey> all = new ArrayList<>(keys.get());
        List<KeyFiles.KeyFile> files = policy.escrow().stream()
                .map(file -> new KeyFiles.KeyFile(Path.of(file), "of the policy " + policy.name() + ": " + file, true))
                .toList();
        KeyFiles.read(files).stream()
                .filter(key -> all.stream().noneMatch(known -> known.name().equals(key.name())))
                .forEach(all::add);
        return all;
    }

    private boolean ours(Catalogue.Entry entry) {
        return entry.point().policy().equals(policy.name())
                && entry.point().host().equals(repository.actor().host());
    }

    /** Reads the point again that was not read for longest, if that is too long. */
    private void recheck() {
        Instant before = repository.actor().clock().now().minus(policy.recheck());
        new Catalogue(repository)
                .list().good().stream()
                        .filter(entry -> !policy.recheck().isZero() && ours(entry))
                        .min(Comparator.comparing(this::readAt))
                        .filter(entry -> readAt(entry).isBefore(before))
                        .ifPresent(entry -> new PointVerification(repository, listener).verify(entry));
    }

    private Instant readAt(Catalogue.Entry entry) {
        return entry.parts().values().stream()
                .map(this::verifiedAt)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private Instant verifiedAt(Snapshot part) {
        return Verification.last(repository, part).orElse(Instant.EPOCH);
    }
}
