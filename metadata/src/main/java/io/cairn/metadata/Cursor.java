package io.cairn.metadata;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** A walk over a family's rows in key order, up to an end. Holds native memory: close it. For one thread. */
final class Cursor implements AutoCloseable {
    private final Database database;
    private final Slice end;
    private final ReadOptions options;
    private final RocksIterator rows;

    Cursor(Database database, Family family, @Nullable Snapshot snapshot, byte[] from, byte[] endKey) {
        this.database = database;
        this.end = new Slice(endKey);
        this.options = new ReadOptions().setIterateUpperBound(end);
        if (snapshot != null) {
            options.setSnapshot(snapshot);
        }
        this.rows = database.rocks().newIterator(database.handle(family), options);
        Database.OPEN_HANDLES.incrementAndGet();
        rows.seek(from);
    }

    /** Whether there is a row here. The end of the rows and a failure to read are told apart. */
    boolean valid() {
        if (rows.isValid()) {
            return true;
        }
        try {
            rows.status();
        } catch (RocksDBException failure) {
            throw database.fault("read", failure);
        }
        return false;
    }

    byte[] key() {
        return rows.key();
    }

    byte[] value() {
        return rows.value();
    }

    void next() {
        rows.next();
    }

    void seek(byte[] key) {
        rows.seek(key);
    }

    @Override
    public void close() {
        rows.close();
        options.close();
        end.close();
        Database.OPEN_HANDLES.decrementAndGet();
    }
}
