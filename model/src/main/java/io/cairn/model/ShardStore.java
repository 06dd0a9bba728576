package io.cairn.model;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The port to one drive: immutable, checksummed shards that are durable when acknowledged. A shard is written once and
 * never changed; writing a key that is there already with the same bytes is allowed (repair) and replaces it. Safe for
 * use by many threads.
 */
public interface ShardStore extends AutoCloseable {
    DriveId id();

    /**
     * Empty while the drive is in full service, else what is wrong with it. A drive that is FULL still reads and
     * releases.
     */
    Optional<DriveFault> trouble();

    /** What was found damaged when the drive was opened and has been put right, in words for people. */
    Optional<String> mended();

    /** Sizes and counts; the figures of the moment, without I/O on the data. */
    DriveSpace space();

    /**
     * Queues the shard to be appended. The future completes once the record is on stable storage, and fails with
     * {@link DriveFault} otherwise (then nothing of it can be read, now or after a restart, unless the failure was of
     * the sync itself or the drive is HUNG, when it may still appear). Appends of many callers share one sync. The
     * payload belongs to the store until the future is done, and for good after a HUNG. Blocks while the drive's queue
     * is full, until the drive counts as hung.
     */
    CompletableFuture<Void> append(ShardWrite shard);

    /**
     * Where the shard stands and what it holds, or empty when the drive does not have it. Does not verify the payload.
     */
    Optional<ShardInfo> find(ShardKey key);

    /** The shard's label, verified, or empty when the drive does not have the shard. */
    Optional<byte[]> label(ShardKey key);

    /**
     * Fills the target with payload bytes from {@code offset} on; every byte has been verified against its checksum.
     *
     * @return false when the drive does not have the shard
     * @throws CorruptFault when the stored bytes are damaged; the shard is remembered as damaged
     * @throws DriveFault when the drive failed to read
     */
    boolean read(ShardKey key, int offset, ByteBuffer target);

    /** Verifies the whole record, label and payload. Same answers and faults as {@link #read}. */
    boolean verify(ShardKey key);

    /**
     * Forgets the shards, durably, and gives their space back: at once by hole punching, or later by compaction. Keys
     * that are not there are ignored. On return the shards are gone also after a crash. Waits for readers of the shard.
     */
    void release(Collection<ShardKey> keys);

    /** Passes every live shard, in no particular order, with its label; for salvage, scrub and orphan search. */
    void scan(Consumer<LabelledShard> visitor);

    /**
     * Replaces the drive's small catalogue file (what salvage cannot learn from shards: buckets, users), atomically and
     * durably.
     */
    void writeCatalogue(byte[] content);

    /** The catalogue last written, if any. */
    Optional<byte[]> readCatalogue();

    /** Stops the writer after what is queued, makes the index durable and closes the drive. */
    @Override
    void close();
}
