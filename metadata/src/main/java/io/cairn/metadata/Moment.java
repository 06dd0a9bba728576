package io.cairn.metadata;

import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * One moment of the database for reads that must agree with one another. Holds native memory: close it. For one thread.
 */
final class Moment implements AutoCloseable {
    private final Database database;
    private final Snapshot snapshot;
    private final ReadOptions options;

    Moment(Database database) {
        this.database = database;
        this.snapshot = database.rocks().getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
        Database.OPEN_HANDLES.incrementAndGet();
    }

    Optional<byte[]> get(Family family, byte[] key) {
        try {
            return Optional.ofNullable(database.rocks().get(database.handle(family), options, key));
        } catch (RocksDBException failure) {
            throw database.fault("read", failure);
        }
    }

    /** Rows from {@code from} on, before {@code end}. */
    Cursor cursor(Family family, byte[] from, byte[] end) {
        return new Cursor(database, family, snapshot, from, end);
    }

    @Override
    public void close() {
        options.close();
        database.rocks().releaseSnapshot(snapshot);
        snapshot.close();
        Database.OPEN_HANDLES.decrementAndGet();
    }
}
