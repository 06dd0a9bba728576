package io.cairn.backup.policy;

import io.cairn.backup.point.Catalogue;
import io.cairn.backup.point.PointRemoval;
import io.cairn.repository.Repository;
import io.cairn.repository.Retention;
import io.cairn.repository.Snapshot;
import io.cairn.repository.store.RepositoryFault;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which recovery points stay, decided for each policy and host apart. The newest verified one always does; and while
 * any point of the repository is known to be damaged, nothing is removed at all: the older ones may be all that is
 * left. Stateless but for the repository.
 */
public final class PointRetention {
    private final Repository repository;

    public PointRetention(Repository repository) {
        this.repository = repository;
    }

    /** A point and why it stays; without a reason it goes. */
    public record Verdict(Catalogue.Entry entry, List<String> reasons) {
        public Verdict {
            reasons = List.copyOf(reasons);
        }

        public boolean stays() {
            return !reasons.isEmpty();
        }
    }

    /** Decides for the points that are asked for, newest first in each group. */
    public List<Verdict> decide(Retention.Rules rules, ZoneId zone, Predicate<Catalogue.Entry> asked) {
        Catalogue.Listing listing = new Catalogue(repository).list();
        boolean frozen = !listing.unreadable().isEmpty()
                || listing.good().size() < listing.entries().size();
        Map<String, String> held = new Retention(repository).holds();
        Map<List<String>, Map<Snapshot, Catalogue.Entry>> groups = new LinkedHashMap<>();
        for (Catalogue.Entry entry : listing.entries().reversed()) {
            if (asked.test(entry)) {
                groups.computeIfAbsent(
                                List.of(entry.point().policy(), entry.point().host(), sources(entry)),
                                _ -> new LinkedHashMap<>())
                        .put(entry.snapshot(), entry);
            }
        }
        List<Verdict> verdicts = new ArrayList<>();
        groups.values().forEach(group -> {
            Set<String> verified = group.entrySet().stream()
                    .filter(each -> each.getValue().isGood())
                    .map(each -> each.getKey().id().toString())
                    .collect(Collectors.toSet());
            Retention.decide(
                            List.copyOf(group.keySet()),
                            rules,
                            zone,
                            repository.actor().clock().now(),
                            verified,
                            held)
                    .forEach(verdict -> {
                        List<String> reasons = new ArrayList<>(verdict.reasons());
                        if (frozen) {
                            reasons.add("frozen: a recovery point is damaged");
                        }
                        Catalogue.Entry entry = group.get(verdict.snapshot());
                        if (entry != null) {
                            verdicts.add(new Verdict(entry, reasons));
                        }
                    });
        });
        return verdicts;
    }

    /** Points that a person asked for belong together when they are of the same sources. */
    private static String sources(Catalogue.Entry entry) {
        return entry.point().policy().isEmpty()
                ? entry.point().parts().stream()
                        .map(part -> part.name())
                        .sorted()
                        .collect(Collectors.joining(" "))
                : "";
    }

    /** Removes one point that a person names, unless it is held, or the last verified one of its group. */
    public void forgetOne(Catalogue.Entry entry) {
        String hold =
                new Retention(repository).holds().get(entry.snapshot().id().toString());
        if (hold != null) {
            throw new RepositoryFault.Refused("recovery point " + entry.point().id() + " is held: " + hold
                    + "; release it first with `cairn backup forget release`");
        }
        boolean another = new Catalogue(repository)
                .list().good().stream()
                        .anyMatch(other -> !other.snapshot().equals(entry.snapshot())
                                && other.point().policy().equals(entry.point().policy())
                                && other.point().host().equals(entry.point().host())
                                && sources(other).equals(sources(entry)));
        if (entry.isGood() && !another) {
            throw new RepositoryFault.Refused("recovery point " + entry.point().id()
                    + " is the only verified one of its kind; make another one first");
        }
        new PointRemoval(repository).remove(entry);
    }

    /** Removes the points that do not stay. Their data goes with the next prune. */
    public void forget(List<Verdict> verdicts) {
        verdicts.stream()
                .filter(verdict -> !verdict.stays())
                .forEach(verdict -> new PointRemoval(repository).remove(verdict.entry()));
    }
}
