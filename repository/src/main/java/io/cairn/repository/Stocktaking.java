package io.cairn.repository;

import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.Json;
import java.util.ArrayList;
import java.util.List;

/** Counts what is in a repository, and who uses it. Stateless but for the repository. */
public final class Stocktaking {
    private final Repository repository;

    public Stocktaking(Repository repository) {
        this.repository = repository;
    }

    /** {@code contentBytes} counts each blob once, as it was before compression; {@code storedBytes} are the packs. */
    public record Stock(
            int snapshots, int packs, int blobs, long contentBytes, long storedBytes, long indexMemoryBytes) {}

    public Stock take() {
        Repository.Loaded loaded = repository.loadIndex();
        try (CompactIndex index = loaded.index()) {
            long content = 0;
            for (int i = 0; i < index.size(); i++) {
                PackedBlob blob = index.blob(i);
                content += index.find(blob.type(), blob.id()) == i ? blob.size() : 0;
            }
            long stored = repository.backend().list(Area.PACKS).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            int snapshots = repository.ids(Area.SNAPSHOTS).size();
            return new Stock(snapshots, index.packs().size(), index.size(), content, stored, index.memory());
        }
    }

    /** A holder, when it was last heard of, and what is known of it. */
    public record Use(String holder, String refreshed, String state) {}

    public List<Use> uses() {
        List<Use> uses = new ArrayList<>();
        Holder.all(repository).forEach((holder, lock) -> {
            boolean stale =
                    lock.refreshed().isBefore(repository.actor().clock().now().minus(Lease.STALE));
            String state = holder.isProvenDead(repository)
                    ? "dead"
                    : stale ? "not heard of for 30 minutes" : lock.exclusive() ? "exclusive" : "alive";
            uses.add(new Use(holder.toString(), Json.time(lock.refreshed()), state));
        });
        return uses;
    }
}
