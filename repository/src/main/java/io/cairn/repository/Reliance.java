package io.cairn.repository;

import io.cairn.repository.pack.BlobSink;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The packs that a run took for granted. At its end, each must be in the index, in no mark, and there: marks are looked
 * at before files, because a mark goes only after its packs. What a prune has set aside meanwhile is copied into packs
 * of this run, under its lease; what is gone fails the run.
 */
final class Reliance {
    private final Repository repository;
    private final CompactIndex index;
    private final BlobSink sink;

    Reliance(Repository repository, CompactIndex index, BlobSink sink) {
        this.repository = repository;
        this.index = index;
        this.sink = sink;
    }

    void restore() {
        Set<Id> relied = sink.reliedOn();
        if (relied.isEmpty()) {
            return;
        }
        Set<Id> leaving = new HashSet<>(relied);
        Repository.Loaded now = repository.loadIndex();
        try (CompactIndex current = now.index()) {
            current.packs().forEach(leaving::remove);
        }
        Mark.all(repository)
                .forEach(mark -> mark.packs().stream().filter(relied::contains).forEach(leaving::add));
        Set<Id> there = repository.ids(Area.PACKS);
        Set<Id> gone = new HashSet<>(relied);
        gone.removeAll(there);
        if (!gone.isEmpty()) {
            throw new RepositoryFault.Locked(
                    gone.size() + " packs that this run relied on were deleted meanwhile, such as "
                            + gone.iterator().next() + "; nothing of this run counts: run it again");
        }
        if (!leaving.isEmpty()) {
            copy(leaving);
            sink.flush();
        }
    }

    private void copy(Set<Id> leaving) {
        BitSet needed = sink.reliedBlobs();
        List<Id> packs = index.packs();
        for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
            Id pack = packs.get(index.packOf(i));
            if (leaving.contains(pack)) {
                PackedBlob blob = index.blob(i);
                byte[] sealed = new byte[blob.length()];
                FileName file = new FileName(Area.PACKS, pack.toString());
                repository.backend().read(file, blob.offset(), sealed, 0, sealed.length);
                BlobSource.open(repository, blob, sealed, 0, file);
                sink.sealed(blob, sealed);
            }
        }
    }
}
