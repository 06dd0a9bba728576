package io.cairn.metadata;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/**
 * How RocksDB is run here: one bounded cache and one bounded budget of memtables over all families, checksums on every
 * read, few threads, no periodic statistics. Owns the native options; close it after the database. For one owner.
 */
final class DatabaseSettings implements AutoCloseable {
    private static final int CACHE_SHARD_BITS = 2;
    private static final double INDEX_SHARE = 0.5;
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final long BLOCK_BYTES = 8 << 10;
    private static final long LARGE_MEMTABLE_BYTES = 12 << 20;
    private static final long SMALL_MEMTABLE_BYTES = 4 << 20;
    private static final int OPEN_FILES_MAX = 512;
    private static final int BACKGROUND_JOBS = 2;
    private static final long SYNC_EVERY_BYTES = 1 << 20;
    private static final long INFO_LOG_BYTES_MAX = 4 << 20;
    private static final int INFO_LOGS_KEPT = 2;
    private static final long MANIFEST_BYTES_MAX = 16 << 20;
    /** A table with this many deletions in a run of rows is compacted soon. */
    private static final long DELETION_WINDOW_ROWS = 4096;

    private static final long DELETIONS_IN_WINDOW = 1024;
    private static final double DELETION_SHARE = 0.5;

    static {
        RocksDB.loadLibrary();
    }

    private final List<AutoCloseable> owned = new ArrayList<>();
    private final DBOptions database;
    private final Map<Family, ColumnFamilyOptions> families = new EnumMap<>(Family.class);

    DatabaseSettings(MetadataOptions options, boolean create) {
        // Memtables are charged to the cache, so that one figure bounds both: it must have room for them.
        long budget = options.blockCache().bytes() + options.memtables().bytes();
        Cache cache = own(new LRUCache(budget, CACHE_SHARD_BITS, false, INDEX_SHARE));
        WriteBufferManager memtables =
                own(new WriteBufferManager(options.memtables().bytes(), cache));
        database = own(new DBOptions())
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setMaxTotalWalSize(options.logMax().bytes())
                .setWriteBufferManager(memtables)
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxOpenFiles(OPEN_FILES_MAX)
                .setBytesPerSync(SYNC_EVERY_BYTES)
                .setAllowConcurrentMemtableWrite(false)
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
                .setKeepLogFileNum(INFO_LOGS_KEPT)
                .setMaxManifestFileSize(MANIFEST_BYTES_MAX);
        BlockBasedTableConfig tables = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)))
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setPinTopLevelIndexAndFilter(true)
                .setOptimizeFiltersForMemory(true)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        TablePropertiesCollectorFactory deletions =
                own(TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                        DELETION_WINDOW_ROWS, DELETIONS_IN_WINDOW, DELETION_SHARE));
        Options collecting = own(new Options());
        collecting.setTablePropertiesCollectorFactory(List.of(deletions));
        for (Family family : Family.values()) {
            boolean large = family == Family.OBJECTS;
            families.put(
                    family,
                    own(new ColumnFamilyOptions(collecting))
                            .setTableFormatConfig(tables)
                            .setCompressionType(CompressionType.LZ4_COMPRESSION)
                            .setWriteBufferSize(large ? LARGE_MEMTABLE_BYTES : SMALL_MEMTABLE_BYTES));
        }
    }

    DBOptions database() {
        return database;
    }

    ColumnFamilyOptions family(Family family) {
        return Objects.requireNonNull(families.get(family));
    }

    /** In the order of {@link Family}; RocksDB insists on one more called {@code default}, which stays empty. */
    List<ColumnFamilyDescriptor> families() {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (Family family : Family.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.stored(), family(family)));
        }
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family(Family.META)));
        return descriptors;
    }

    @Override
    public void close() {
        for (AutoCloseable each : owned.reversed()) {
            try {
                each.close();
            } catch (Exception failure) {
                throw new IllegalStateException("closing an option of RocksDB", failure);
            }
        }
    }

    private <T extends AutoCloseable> T own(T nativeObject) {
        owned.add(nativeObject);
        return nativeObject;
    }
}
