package io.cairn.shards;

import io.cairn.model.DriveFault;
import io.cairn.model.ShardKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The index in a local RocksDB without a log of its own: what was not flushed is read again from the segments. All rows
 * live in one column family, so that what is on disk is always the state after one of the commits. Rows: {@code r} key,
 * {@code s} segment, {@code m} mark. Memory: two write buffers and one block cache that also holds filters and index
 * blocks. Many threads read; one commits.
 */
final class RocksIndex implements ShardIndex {
    private static final byte[] MARK = {'m'};
    private static final byte SHARD = 'r';
    private static final byte SEGMENT = 's';
    private static final int BLOOM_BITS = 10;
    private static final int TABLE_FILES_OPEN_MAX = 128;
    private static final long VERIFIED_BYTES_MAX = 64L << 20;

    private final Deque<AutoCloseable> owned;
    private final RocksDB db;
    private final WriteOptions unlogged;
    private final ReentrantReadWriteLock using = new ReentrantReadWriteLock();
    private boolean closed;

    private RocksIndex(Deque<AutoCloseable> owned, RocksDB db, WriteOptions unlogged) {
        this.owned = owned;
        this.db = db;
        this.unlogged = unlogged;
    }

    /** Opens the index of a directory; one that is damaged is removed first and starts empty. */
    static RocksIndex open(Path directory, DriveOptions options) {
        RocksDB.loadLibrary();
        try {
            return create(directory, options);
        } catch (RocksDBException damaged) {
            remove(directory);
            try {
                return create(directory, options);
            } catch (RocksDBException failure) {
                throw new DriveFault(
                        DriveFault.Kind.BROKEN, "the index in " + directory + " cannot be made anew", failure);
            }
        }
    }

    private static RocksIndex create(Path directory, DriveOptions options) throws RocksDBException {
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        try {
            LRUCache cache = own(owned, new LRUCache(options.indexCacheBytes()));
            BlockBasedTableConfig table = new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(own(owned, new BloomFilter(BLOOM_BITS)))
                    .setCacheIndexAndFilterBlocks(true)
                    .setPinL0FilterAndIndexBlocksInCache(true)
                    .setIndexType(IndexType.kTwoLevelIndexSearch)
                    .setPartitionFilters(true);
            Options settings = own(owned, new Options())
                    .setCreateIfMissing(true)
                    .setTableFormatConfig(table)
                    .setWriteBufferSize(options.indexWriteBufferBytes())
                    .setMaxWriteBufferNumber(2)
                    .setMemtableWholeKeyFiltering(true)
                    .setMemtablePrefixBloomSizeRatio(0.05)
                    .setMaxOpenFiles(TABLE_FILES_OPEN_MAX)
                    .setMaxBackgroundJobs(2)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setKeepLogFileNum(2)
                    .setParanoidChecks(true);
            WriteOptions unlogged = own(owned, new WriteOptions()).setDisableWAL(true);
            RocksDB db = own(owned, RocksDB.open(settings, directory.toString()));
            verify(db);
            return new RocksIndex(owned, db, unlogged);
        } catch (RocksDBException | RuntimeException failure) {
            closeAll(owned);
            throw failure;
        }
    }

    /**
     * Reads what an opening must be able to rely on: a small index as a whole, which takes a fraction of a second, of a
     * large one the rows of the segments. Damage found here costs a rebuild; found later it would cost the drive.
     */
    private static void verify(RocksDB db) throws RocksDBException {
        if (db.getLongProperty("rocksdb.total-sst-files-size") <= VERIFIED_BYTES_MAX) {
            db.verifyChecksum();
            return;
        }
        try (RocksIterator rows = db.newIterator()) {
            for (rows.seek(new byte[] {SEGMENT}); rows.isValid() && rows.key()[0] == SEGMENT; rows.next()) {
                SegmentRow _ = SegmentRow.decode(rows.value());
            }
            rows.status();
        }
    }

    private static <T extends AutoCloseable> T own(Deque<AutoCloseable> owned, T resource) {
        owned.push(resource);
        return resource;
    }

    /** Removes an index, so that the next opening builds it from the segments. */
    static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the damaged index in " + directory + " cannot be removed", failure);
        }
    }

    /** Runs an operation on the open database; a closed one has no memory to look at. */
    private <T> T whileOpen(String operation, Call<T> call) {
        using.readLock().lock();
        try {
            if (closed) {
                throw new DriveFault(DriveFault.Kind.GONE, "the index was closed; it cannot " + operation);
            }
            return call.on();
        } catch (RocksDBException failure) {
            throw broken(operation, failure);
        } finally {
            using.readLock().unlock();
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T on() throws RocksDBException;
    }

    @Override
    public IndexRow row(ShardKey key) {
        return whileOpen("read", () -> {
            byte[] value = db.get(rowKey(key));
            return value == null ? IndexRow.EMPTY : IndexRow.decode(value);
        });
    }

    @Override
    public Map<Long, SegmentRow> segments() {
        return whileOpen("scan", () -> {
            Map<Long, SegmentRow> segments = new HashMap<>();
            try (RocksIterator rows = db.newIterator()) {
                for (rows.seek(new byte[] {SEGMENT}); rows.isValid() && rows.key()[0] == SEGMENT; rows.next()) {
                    segments.put(ByteBuffer.wrap(rows.key()).getLong(1), SegmentRow.decode(rows.value()));
                }
                rows.status();
            }
            return segments;
        });
    }

    @Override
    public Mark mark() {
        return whileOpen("read", () -> {
            byte[] value = db.get(MARK);
            if (value == null) {
                return Mark.START;
            }
            ByteBuffer numbers = ByteBuffer.wrap(value);
            return new Mark(numbers.getLong(), numbers.getLong());
        });
    }

    @Override
    public void commit(Map<ShardKey, IndexRow> rows, Map<Long, Optional<SegmentRow>> segments, Mark mark) {
        try (WriteBatch batch = new WriteBatch()) {
            for (Map.Entry<ShardKey, IndexRow> entry : rows.entrySet()) {
                if (entry.getValue().isEmpty()) {
                    batch.delete(rowKey(entry.getKey()));
                } else {
                    batch.put(rowKey(entry.getKey()), entry.getValue().encode());
                }
            }
            for (Map.Entry<Long, Optional<SegmentRow>> entry : segments.entrySet()) {
                if (entry.getValue().isPresent()) {
                    batch.put(segmentKey(entry.getKey()), entry.getValue().get().encode());
                } else {
                    batch.delete(segmentKey(entry.getKey()));
                }
            }
            byte[] numbers = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(mark.batch())
                    .putLong(mark.sequence())
                    .array();
            batch.put(MARK, numbers);
            Boolean _ = whileOpen("write", () -> {
                db.write(unlogged, batch);
                return true;
            });
        } catch (RocksDBException failure) {
            throw broken("write", failure);
        }
    }

    private static byte[] rowKey(ShardKey key) {
        return ByteBuffer.allocate(14)
                .put(SHARD)
                .putLong(key.blob().value())
                .putInt(key.stripe())
                .put((byte) key.index())
                .array();
    }

    private static byte[] segmentKey(long id) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(SEGMENT).putLong(id).array();
    }

    @Override
    public void flush() {
        Boolean _ = whileOpen("flush", () -> {
            try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
                db.flush(wait);
            }
            return true;
        });
    }

    /** Waits for operations under way: a reader must never meet freed native memory. */
    @Override
    public void close() {
        using.writeLock().lock();
        try {
            closed = true;
            closeAll(owned);
        } finally {
            using.writeLock().unlock();
        }
    }

    private static void closeAll(Deque<AutoCloseable> owned) {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception impossible) {
                throw new IllegalStateException("a native handle cannot be closed", impossible);
            }
        }
    }

    private static DriveFault broken(String operation, RocksDBException cause) {
        return new DriveFault(
                DriveFault.Kind.BROKEN, "the index failed to " + operation + ": " + cause.getMessage(), cause);
    }
}
