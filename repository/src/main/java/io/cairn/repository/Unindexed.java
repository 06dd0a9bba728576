package io.cairn.repository;

import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.RepositoryFault;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The packs that are there and in no index file, as an index of their own, read from their headers. Close the index.
 */
record Unindexed(CompactIndex index, Set<Id> packs, Set<Id> broken) implements AutoCloseable {
    static Unindexed of(Repository repository, CompactIndex known) {
        return of(repository, known, Set.of());
    }

    /** Without those that need not be looked at. */
    static Unindexed of(Repository repository, CompactIndex known, Set<Id> except) {
        Map<String, Long> sizes = repository.backend().list(Area.PACKS);
        Set<Id> packs = new HashSet<>();
        sizes.keySet().stream().filter(Id::isId).map(Id::parse).forEach(packs::add);
        known.packs().forEach(packs::remove);
        packs.removeAll(except);
        CompactIndex index = new CompactIndex();
        Set<Id> broken = new HashSet<>();
        for (Id pack : packs) {
            try {
                index.add(pack, new PackRead(repository).header(pack, sizes.getOrDefault(pack.toString(), 0L)));
            } catch (RepositoryFault.Damaged unreadable) {
                broken.add(pack);
            } catch (RepositoryFault.Missing deleted) {
                continue;
            }
        }
        return new Unindexed(index, packs, broken);
    }

    @Override
    public void close() {
        index.close();
    }
}
