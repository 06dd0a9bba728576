package io.cairn.metadata;

import io.cairn.base.Checks;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.StorageFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One open RocksDB directory, counted by its users: the native memory goes when the owner has released it and the last
 * reader has left, so that no read can ever touch freed memory. Safe for use by many threads.
 */
final class Database {
    /** Native things that are open now, over all databases of the process; tests check that it returns to zero. */
    static final AtomicInteger OPEN_HANDLES = new AtomicInteger();

    private final Path directory;
    private final DatabaseSettings settings;
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final WriteOptions unsynced;
    private final RocksDB rocks;
    private final AtomicInteger users = new AtomicInteger(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final QueueFloor reclaimFloor = new QueueFloor();
    private final QueueFloor repairFloor = new QueueFloor();

    /** @param create whether a directory without a database gets one; otherwise that is damage */
    Database(Path directory, MetadataOptions options, boolean create) {
        this.directory = directory;
        this.settings = new DatabaseSettings(options, create);
        this.unsynced = new WriteOptions();
        try {
            rocks = RocksDB.open(settings.database(), directory.toString(), settings.families(), families);
        } catch (RocksDBException failure) {
            settings.close();
            unsynced.close();
            throw fault("open", failure);
        }
        OPEN_HANDLES.incrementAndGet();
    }

    Path directory() {
        return directory;
    }

    RocksDB rocks() {
        return rocks;
    }

    ColumnFamilyHandle handle(Family family) {
        return families.get(family.ordinal());
    }

    DatabaseSettings settings() {
        return settings;
    }

    /** The floor of the reclaim or repair queue. */
    QueueFloor floor(Family queue) {
        return queue == Family.RECLAIM ? reclaimFloor : repairFloor;
    }

    /** Counts the caller as a user, unless the database is already gone. */
    boolean acquire() {
        int count = users.get();
        while (count > 0) {
            if (users.compareAndSet(count, count + 1)) {
                return true;
            }
            count = users.get();
        }
        return false;
    }

    /** The last one to leave frees the native memory, having made everything durable. */
    void release() {
        int left = users.decrementAndGet();
        Checks.check(left >= 0, "as many releases as acquires");
        if (left == 0) {
            free();
        }
    }

    void awaitGone() {
        boolean interrupted = false;
        while (true) {
            try {
                gone.await();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    Optional<byte[]> get(Family family, byte[] key) {
        try {
            return Optional.ofNullable(rocks.get(handle(family), key));
        } catch (RocksDBException failure) {
            throw fault("read", failure);
        }
    }

    void write(WriteBatch batch) {
        try {
            rocks.write(unsynced, batch);
        } catch (RocksDBException failure) {
            throw fault("write", failure);
        }
    }

    /** Moves everything written so far into synced table files. */
    void flush() {
        try (FlushOptions wait = new FlushOptions()) {
            rocks.flush(wait.setWaitForFlush(true).setAllowWriteStall(true), families);
        } catch (RocksDBException failure) {
            throw fault("flush", failure);
        }
    }

    /** Makes a copy out of hard links; the target must not exist. */
    void checkpoint(Path target) {
        try (Checkpoint checkpoint = Checkpoint.create(rocks)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException failure) {
            throw fault("checkpoint", failure);
        }
    }

    /** Takes in a finished table file, by moving it. */
    void ingest(Family family, Path table) {
        try (IngestExternalFileOptions move = new IngestExternalFileOptions()) {
            rocks.ingestExternalFile(handle(family), List.of(table.toString()), move.setMoveFiles(true));
        } catch (RocksDBException failure) {
            throw fault("ingest", failure);
        }
    }

    /** A fixed moment of the database, to be closed by the caller, who must be counted as a user. */
    Moment moment() {
        return new Moment(this);
    }

    StorageFault fault(String action, RocksDBException failure) {
        Status status = failure.getStatus();
        if (status != null && status.getCode() == Status.Code.IOError) {
            boolean full = status.getSubCode() == Status.SubCode.NoSpace;
            return new DriveFault(
                    full ? DriveFault.Kind.FULL : DriveFault.Kind.BROKEN,
                    "cannot " + action + " the metadata in " + directory + ": " + failure.getMessage(),
                    failure);
        }
        return new CorruptFault(
                "cannot " + action + " the metadata in " + directory + ": " + failure.getMessage()
                        + "; keep the directory, and let this member be restored from another one, or run 'cairn salvage'",
                failure);
    }

    private void free() {
        try {
            families.forEach(ColumnFamilyHandle::close);
            rocks.closeE();
        } catch (RocksDBException failure) {
            throw fault("close", failure);
        } finally {
            unsynced.close();
            settings.close();
            OPEN_HANDLES.decrementAndGet();
            gone.countDown();
        }
    }
}
