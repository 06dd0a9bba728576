package io.cairn.repository;

import io.cairn.repository.pack.CompactIndex;

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

    @Override
    public void close() {
        index.close();
        lease.close();
    }
}
