package io.cairn.repository;

import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.tree.Node;
import java.io.InputStream;

/**
 * A lease for reading and the index, for whoever looks into snapshots or restores them. Close it. Safe for use by many
 * threads.
 */
public final class SnapshotReader implements AutoCloseable {
    private final Repository repository;
    private final Lease lease;
    private final CompactIndex index;

    private SnapshotReader(Repository repository, Lease lease, CompactIndex index) {
        this.repository = repository;
        this.lease = lease;
        this.index = index;
    }

    public static SnapshotReader open(Repository repository) {
        Lease lease = Lease.reader(repository);
        try {
            return new SnapshotReader(repository, lease, repository.loadIndex().index());
        } catch (RuntimeException failed) {
            lease.close();
            throw failed;
        }
    }

    public Browse browse() {
        return new Browse(repository, index);
    }

    public Restore restore(Progress progress) {
        return new Restore(repository, index, progress);
    }

    /** The content of a file from an offset on; every piece is checked. */
    public InputStream content(Node file, long offset) {
        return new NodeStream(new BlobSource(repository, index), file, offset);
    }

    @Override
    public void close() {
        index.close();
        lease.close();
    }
}
