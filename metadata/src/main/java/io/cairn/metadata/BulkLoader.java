package io.cairn.metadata;

import io.cairn.base.Checks;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.CommandCodec;
import io.cairn.model.ObjectRow;
import io.cairn.model.RowCodec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * Fills a new bucket with very many objects, by writing sorted table files that the database takes in whole. For
 * benchmarks, on a member that no log writes to meanwhile: the rows do not come from the log, and after a crash
 * half-way the usage does not count them; then start again in an empty directory. For one thread.
 */
public final class BulkLoader {
    private static final int ROWS_PER_TABLE = 1_000_000;

    private BulkLoader() {}

    /**
     * Makes the bucket and loads the rows, which must come in the order of their keys and have few parts.
     *
     * @return how many there were
     */
    public static long load(MetadataStore store, BucketName name, Instant at, Iterator<ObjectRow> rows) {
        Checks.check(store.bucket(name).isEmpty(), "a bucket that is not there yet, %s", name);
        byte[] create = CommandCodec.encode(new Command.CreateBucket(name, "bulk-loader", "us-east-1", at));
        store.apply(store.appliedIndex() + 1, List.of(create));
        return fill(store, store.bucket(name).orElseThrow(), rows);
    }

    /**
     * As {@link #load}, into a bucket that is there. The store's applied index stays as it is, so that the log of a
     * stopped member still fits.
     */
    public static long fill(MetadataStore store, BucketRow bucket, Iterator<ObjectRow> rows) {
        long objects = 0;
        while (rows.hasNext()) {
            Table table = new Table(bucket.id(), rows);
            store.loading(table::load);
            objects += table.objects;
        }
        return objects;
    }

    /** One table file's worth of rows. */
    private static final class Table {
        private final long bucketId;
        private final Iterator<ObjectRow> rows;
        private long objects;
        private long bytes;

        Table(long bucketId, Iterator<ObjectRow> rows) {
            this.bucketId = bucketId;
            this.rows = rows;
        }

        void load(Database database, PendingRows pending) {
            Path file = database.directory().resolve("bulk.sst.new");
            try (EnvOptions environment = new EnvOptions();
                    Options options = new Options(
                            database.settings().database(), database.settings().family(Family.OBJECTS));
                    SstFileWriter writer = new SstFileWriter(environment, options)) {
                writer.open(file.toString());
                while (rows.hasNext() && objects < ROWS_PER_TABLE) {
                    write(writer, rows.next());
                }
                writer.finish();
            } catch (RocksDBException failure) {
                throw database.fault("bulk-load", failure);
            }
            database.ingest(Family.OBJECTS, file);
            Ledger.Use loaded = new Ledger.Use(objects, bytes, 0);
            for (byte[] key : List.of(RowKeys.USAGE, RowKeys.usage(bucketId))) {
                Ledger.Use before = new Ledger(pending).usage(key);
                pending.put(Family.META, key, before.plus(loaded).encode());
            }
        }

        private void write(SstFileWriter writer, ObjectRow row) throws RocksDBException {
            Checks.check(row.parts().size() <= RowCodec.INLINE_PARTS_MAX, "few parts in %s", row.key());
            writer.put(RowKeys.object(bucketId, row.key()), RowCodec.encodeObject(row));
            objects++;
            bytes += row.size();
        }
    }
}
