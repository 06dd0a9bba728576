package io.cairn.repository;

import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A process that uses the repository, as its lock files name it. {@code lease} is empty for a {@code restic}; such a
 * holder is known by host, user and process. A lock that is being refreshed has two files, or for a moment of a listing
 * none, so {@link #all} lists twice.
 */
public record Holder(String lease, String host, String user, long pid, String boot, long started, String role) {
    /** What a lock file says besides its holder. */
    public record Lock(Holder holder, Instant refreshed, boolean exclusive, Set<Id> files) {}

    /** All locks by holder. An unreadable lock counts: whoever cannot be known must not be passed over. */
    static Map<Holder, Lock> all(Repository repository) {
        Map<Holder, Lock> found = new LinkedHashMap<>();
        for (int round = 0; round < 2; round++) {
            for (Id file : repository.ids(Area.LOCKS)) {
                try {
                    merge(found, file, repository.documents().loadObject(Area.LOCKS, file));
                } catch (RepositoryFault.Missing released) {
                    continue;
                }
            }
        }
        return found;
    }

    private static void merge(Map<Holder, Lock> found, Id file, Map<String, Object> document) {
        Holder holder = of(document);
        Instant time = Json.instant(document, "time");
        boolean exclusive = Boolean.TRUE.equals(document.get("exclusive"));
        Lock known = found.get(holder);
        Set<Id> files = new LinkedHashSet<>(known == null ? Set.of() : known.files());
        files.add(file);
        Instant latest = known == null || known.refreshed().isBefore(time) ? time : known.refreshed();
        found.put(holder, new Lock(holder, latest, exclusive || (known != null && known.exclusive()), files));
    }

    private static Holder of(Map<String, Object> document) {
        Map<String, Object> cairn =
                document.containsKey("cairn") ? Json.object(document.get("cairn"), "a lock") : Map.of();
        return new Holder(
                Json.text(cairn, "lease"),
                Json.text(document, "hostname"),
                Json.text(document, "username"),
                Json.number(document, "pid"),
                Json.text(cairn, "boot"),
                Json.number(cairn, "start"),
                Json.text(cairn, "role"));
    }

    /** The holder as a mark keeps it. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("hostname", host);
        document.put("username", user);
        document.put("pid", pid);
        if (!lease.isEmpty()) {
            Map<String, Object> cairn = new LinkedHashMap<>();
            cairn.put("lease", lease);
            cairn.put("boot", boot);
            cairn.put("start", started);
            cairn.put("role", role);
            document.put("cairn", cairn);
        }
        return document;
    }

    static Holder fromDocument(Map<String, Object> document) {
        return of(document);
    }

    /** True when both are the same process. */
    boolean same(Holder other) {
        return lease.isEmpty()
                ? other.lease.isEmpty() && host.equals(other.host) && user.equals(other.user) && pid == other.pid
                : lease.equals(other.lease);
    }

    /**
     * True when the process provably has ended: it ran since this boot of this machine, and its number is free or taken
     * by a later one.
     */
    boolean isProvenDead(Repository repository) {
        return !lease.isEmpty()
                && !boot.isEmpty()
                && repository.backend().writesEndWithProcess()
                && boot.equals(repository.actor().boot())
                && Actor.startedAt(pid) != started;
    }

    /** True when its lease was taken away. */
    boolean isEvicted(Repository repository) {
        return !lease.isEmpty() && repository.backend().list(Area.EVICTIONS).containsKey(lease);
    }

    void deleteLocks(Repository repository, Set<Id> files) {
        for (Id file : files) {
            repository.backend().delete(new FileName(Area.LOCKS, file.toString()));
        }
    }

    @Override
    public String toString() {
        String who = "process " + pid + " of " + user + " on " + host;
        return lease.isEmpty() ? "restic, " + who : role + " " + lease + ", " + who;
    }
}
