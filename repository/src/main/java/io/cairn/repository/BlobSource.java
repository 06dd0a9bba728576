package io.cairn.repository;

import io.cairn.repository.pack.BlobType;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.Node;
import io.cairn.repository.tree.TreeCodec;
import java.util.Arrays;
import java.util.List;

/** Reads blobs by an index: opened, decompressed, and checked against their ids. Safe for use by many threads. */
final class BlobSource {
    private final Repository repository;
    private final CompactIndex index;

    BlobSource(Repository repository, CompactIndex index) {
        this.repository = repository;
        this.index = index;
    }

    CompactIndex index() {
        return index;
    }

    /** The content of a blob. */
    byte[] load(BlobType type, Id id) {
        CompactIndex.Place place = place(type, id);
        PackedBlob blob = place.blob();
        byte[] sealed = new byte[blob.length()];
        FileName pack = new FileName(Area.PACKS, place.pack().toString());
        repository.backend().read(pack, blob.offset(), sealed, 0, sealed.length);
        return open(repository, blob, sealed, 0, pack);
    }

    CompactIndex.Place place(BlobType type, Id id) {
        return index.lookup(type, id)
                .orElseThrow(() -> new RepositoryFault.Damaged(type.word() + " blob " + id + " is in no index of "
                        + repository.backend().place()
                        + "; run `cairn repo check`, and `cairn repo check --repair-index` if it says so"));
    }

    List<Node> tree(Id id) {
        return TreeCodec.decode(load(BlobType.TREE, id), "tree " + id);
    }

    /** Opens a sealed blob that stands at {@code at}, and checks that it is that blob. */
    static byte[] open(Repository repository, PackedBlob blob, byte[] sealed, int at, Object pack) {
        byte[] content = Opening.ofThread().open(repository, blob, sealed, at, pack);
        return Arrays.copyOf(content, blob.size());
    }
}
