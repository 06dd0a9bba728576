package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cairn.model.Encoder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The effects of one log entry in the making: reads see them over the rows of the database, and {@link #commit} writes
 * them with the entry's index in one batch, each row once however often it changed. The few rows that nearly every
 * command reads (counters, leases, usage, buckets) are remembered between entries. For the applying thread alone.
 */
final class PendingRows {
    private static final int REMEMBERED_MAX = 8192;

    private final Database database;
    private final Map<Family, NavigableMap<byte[], Optional<byte[]>>> pending = new EnumMap<>(Family.class);
    private final Map<Family, Map<String, Optional<byte[]>>> remembered = new HashMap<>();

    PendingRows(Database database) {
        this.database = database;
        for (Family family : Family.values()) {
            pending.put(family, new TreeMap<>(Arrays::compareUnsigned));
        }
        remembered.put(Family.META, new Remembered());
        remembered.put(Family.BUCKETS, new Remembered());
    }

    Optional<byte[]> get(Family family, byte[] key) {
        Optional<byte[]> changed = of(family).get(key);
        if (changed != null) {
            return changed;
        }
        Map<String, Optional<byte[]>> memory = remembered.get(family);
        if (memory == null) {
            return database.get(family, key);
        }
        return memory.computeIfAbsent(latin(key), _ -> database.get(family, key));
    }

    void put(Family family, byte[] key, byte[] value) {
        of(family).put(key, Optional.of(value));
    }

    void delete(Family family, byte[] key) {
        of(family).put(key, Optional.empty());
    }

    /** All rows whose key starts with the prefix, as they will be. */
    NavigableMap<byte[], byte[]> scan(Family family, byte[] prefix) {
        NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
        byte[] end = RowKeys.successor(prefix);
        try (Cursor cursor = new Cursor(database, family, null, prefix, end)) {
            for (; cursor.valid(); cursor.next()) {
                rows.put(cursor.key(), cursor.value());
            }
        }
        of(family).subMap(prefix, true, end, false).forEach((key, change) -> {
            rows.remove(key);
            change.ifPresent(value -> rows.put(key, value));
        });
        return rows;
    }

    /**
     * Writes everything pending and the index, atomically, and starts afresh. Nothing is remembered of a failed commit.
     */
    void commit(long index) {
        put(Family.META, RowKeys.APPLIED, new Encoder().number(index).toBytes());
        try (WriteBatch batch = new WriteBatch()) {
            for (Map.Entry<Family, NavigableMap<byte[], Optional<byte[]>>> family : pending.entrySet()) {
                fill(batch, family.getKey(), family.getValue());
            }
            database.write(batch);
        } catch (RocksDBException failure) {
            throw database.fault("write", failure);
        }
        remembered.forEach((family, memory) -> of(family).forEach((key, change) -> memory.put(latin(key), change)));
        discard();
    }

    /** Forgets everything pending. */
    void discard() {
        pending.values().forEach(Map::clear);
    }

    private void fill(WriteBatch batch, Family family, NavigableMap<byte[], Optional<byte[]>> changes)
            throws RocksDBException {
        for (Map.Entry<byte[], Optional<byte[]>> change : changes.entrySet()) {
            if (change.getValue().isPresent()) {
                batch.put(
                        database.handle(family),
                        change.getKey(),
                        change.getValue().get());
            } else {
                batch.delete(database.handle(family), change.getKey());
            }
        }
    }

    private NavigableMap<byte[], Optional<byte[]>> of(Family family) {
        return Objects.requireNonNull(pending.get(family));
    }

    private static String latin(byte[] key) {
        return new String(key, ISO_8859_1);
    }

    /** Rows as the database has them; the least recently used ones give way. */
    private static final class Remembered extends LinkedHashMap<String, Optional<byte[]>> {
        private static final long serialVersionUID = 1;

        Remembered() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<byte[]>> eldest) {
            return size() > REMEMBERED_MAX;
        }
    }
}
