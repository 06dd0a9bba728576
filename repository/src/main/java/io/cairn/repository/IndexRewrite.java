package io.cairn.repository;

import io.cairn.repository.pack.IndexFile;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces index files by others: first the new ones are durable, then the old ones go. Stateless but for the
 * repository.
 */
final class IndexRewrite {
    private static final int BLOBS = 40_000;

    private final Repository repository;

    IndexRewrite(Repository repository) {
        this.repository = repository;
    }

    /** Takes packs out of the index. Of {@code files}, those that name none of them stay as they are. */
    void without(Set<Id> leaving, Set<Id> files, Lease lease) {
        List<Id> old = new ArrayList<>();
        Map<Id, List<PackedBlob>> staying = new LinkedHashMap<>();
        Set<Id> seen = new HashSet<>();
        for (Id file : files) {
            Map<Id, List<PackedBlob>> packs = new LinkedHashMap<>();
            IndexFile.decode(repository.documents().load(Area.INDEXES, file), "index/" + file, packs::put);
            if (packs.keySet().stream().noneMatch(leaving::contains) && seen.addAll(packs.keySet())) {
                continue;
            }
            old.add(file);
            packs.forEach((pack, blobs) -> {
                if (!leaving.contains(pack)) {
                    seen.add(pack);
                    staying.put(pack, blobs);
                }
            });
            writeWhen(staying, BLOBS);
        }
        writeWhen(staying, 1);
        lease.check();
        for (Id file : old) {
            repository.backend().delete(new FileName(Area.INDEXES, file.toString()));
        }
    }

    /** Writes an index file when so many blobs have come together. */
    private void writeWhen(Map<Id, List<PackedBlob>> packs, int blobs) {
        if (packs.values().stream().mapToInt(List::size).sum() >= blobs) {
            repository.documents().save(Area.INDEXES, IndexFile.encode(packs));
            packs.clear();
        }
    }

    /** Writes new index files with exactly these packs, and removes all old ones. */
    void replace(Map<Id, List<PackedBlob>> packs, Set<Id> files, Lease lease) {
        Map<Id, List<PackedBlob>> part = new LinkedHashMap<>();
        packs.forEach((pack, blobs) -> {
            part.put(pack, blobs);
            writeWhen(part, BLOBS);
        });
        writeWhen(part, 1);
        lease.check();
        for (Id file : files) {
            repository.backend().delete(new FileName(Area.INDEXES, file.toString()));
        }
    }
}
