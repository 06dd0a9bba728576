package io.cairn.repository;

import io.cairn.repository.pack.IndexFile;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Writes the index files of one run, each only while its lease stands. Safe for use by many threads. */
final class IndexWriter implements Consumer<byte[]> {
    private final Repository repository;
    private final Lease lease;
    private final List<Id> files = new CopyOnWriteArrayList<>();

    IndexWriter(Repository repository, Lease lease) {
        this.repository = repository;
        this.lease = lease;
    }

    @Override
    public void accept(byte[] json) {
        lease.check();
        files.add(repository.documents().save(Area.INDEXES, json));
    }

    /**
     * After the lease was taken away: an index of this run that names a pack which was deleted meanwhile is replaced by
     * one without it. Packs that are there stay indexed, for somebody may rely on them already.
     */
    void withdraw() {
        Set<Id> packs = repository.ids(Area.PACKS);
        for (Id file : files) {
            Map<Id, List<PackedBlob>> there = new LinkedHashMap<>();
            Map<Id, List<PackedBlob>> all = new LinkedHashMap<>();
            IndexFile.decode(repository.documents().load(Area.INDEXES, file), file, all::put);
            all.forEach((pack, blobs) -> {
                if (packs.contains(pack)) {
                    there.put(pack, blobs);
                }
            });
            if (there.size() < all.size()) {
                if (!there.isEmpty()) {
                    repository.documents().save(Area.INDEXES, IndexFile.encode(there));
                }
                repository.backend().delete(new FileName(Area.INDEXES, file.toString()));
            }
        }
    }
}
