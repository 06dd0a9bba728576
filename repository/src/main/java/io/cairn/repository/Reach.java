package io.cairn.repository;

import io.cairn.repository.pack.BlobType;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.Kind;
import io.cairn.repository.tree.Node;
import io.cairn.repository.tree.TreeCodec;
import java.util.BitSet;
import java.util.List;

/**
 * The blobs that snapshots need: by number in the index, and by number in a second index of packs that no index file
 * names. A blob that is in neither is missing, and whoever wants to delete anything must stop. One use, one thread.
 */
final class Reach {
    private final Repository repository;
    private final CompactIndex index;
    private final CompactIndex aside;
    private final BitSet used = new BitSet();
    private final BitSet usedAside = new BitSet();

    Reach(Repository repository, CompactIndex index, CompactIndex aside) {
        this.repository = repository;
        this.index = index;
        this.aside = aside;
    }

    BitSet used() {
        return used;
    }

    /** Numbers in the second index: blobs that are needed and in no index file. */
    BitSet usedAside() {
        return usedAside;
    }

    void walk(List<Snapshot> snapshots) {
        for (Snapshot snapshot : snapshots) {
            try {
                tree(snapshot.tree());
            } catch (RepositoryFault.Damaged damaged) {
                throw new RepositoryFault.Damaged(
                        snapshot + " is not complete, so nothing is deleted: " + damaged.getMessage()
                                + "; run `cairn repo check`, then forget the snapshots that it names",
                        damaged);
            }
        }
    }

    private void tree(Id tree) {
        if (!mark(BlobType.TREE, tree)) {
            return;
        }
        CompactIndex has = index.has(BlobType.TREE, tree) ? index : aside;
        byte[] json = new BlobSource(repository, has).load(BlobType.TREE, tree);
        for (Node node : TreeCodec.decode(json, "tree " + tree)) {
            if (node.kind() == Kind.FILE) {
                node.content().forEach(blob -> mark(BlobType.DATA, blob));
            }
            node.subtree().ifPresent(this::tree);
        }
    }

    /** False when it was marked before. */
    private boolean mark(BlobType type, Id id) {
        int number = index.find(type, id);
        BitSet set = used;
        if (number < 0) {
            number = aside.find(type, id);
            set = usedAside;
        }
        if (number < 0) {
            throw new RepositoryFault.Damaged(type.word() + " blob " + id + " is in no pack");
        }
        boolean first = !set.get(number);
        set.set(number);
        return first;
    }
}
