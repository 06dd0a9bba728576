package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.DriveSpace;
import io.cairn.model.LabelledShard;
import io.cairn.model.ShardInfo;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import io.cairn.model.ShardWrite;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A drive whose calls are given up when the drive does not come back: a disk that hangs must hold up neither requests
 * that another drive can serve, nor the workers that look after the others. A call runs on a virtual thread of its own,
 * for which its caller waits for a bounded time; one that was given up goes on until the disk lets go of it, and there
 * are only so many at a time. Appends and releases pass: the drive's own queue bounds their wait. Thread-safe.
 */
final class GuardedDrive implements ShardStore {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedDrive.class);
    private static final int CALLS_MAX = 48;
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration SPACE = Duration.ofSeconds(2);
    private static final long HUNG_NANOS = Duration.ofSeconds(10).toNanos();

    private final ShardStore drive;
    private final Duration patience;
    private final Clock clock;
    private final Semaphore calls = new Semaphore(CALLS_MAX);
    private final AtomicLong overdue = new AtomicLong();
    private volatile long overdueSince;
    private volatile DriveSpace space = new DriveSpace(0, 0, 0, 0, 0, 0, 0);

    /** @param patience how long a read may take before another drive is asked */
    GuardedDrive(ShardStore drive, Duration patience, Clock clock) {
        this.drive = drive;
        this.patience = patience;
        this.clock = clock;
    }

    /** Whether a call is out that was given up: other drives are asked first. */
    boolean slow() {
        return overdue.get() > 0 || hung(drive.trouble());
    }

    private static boolean hung(Optional<DriveFault> trouble) {
        return trouble.filter(fault -> fault.kind() == DriveFault.Kind.HUNG).isPresent();
    }

    @Override
    public DriveId id() {
        return drive.id();
    }

    @Override
    public Optional<String> mended() {
        return drive.mended();
    }

    @Override
    public Optional<DriveFault> trouble() {
        Optional<DriveFault> trouble = drive.trouble();
        return trouble.isEmpty() && overdue.get() > 0 && clock.nanos() - overdueSince > HUNG_NANOS
                ? Optional.of(hung("calls"))
                : trouble;
    }

    private DriveFault hung(String what) {
        return new DriveFault(DriveFault.Kind.HUNG, "drive " + id() + " hangs: " + what + " did not come back in time");
    }

    /** The figures of the moment, or the last ones while the drive does not tell. */
    @Override
    public DriveSpace space() {
        try {
            space = within(SPACE, "the question for its space", drive::space);
        } catch (DriveFault silent) {
            return space;
        }
        return space;
    }

    @Override
    public CompletableFuture<Void> append(ShardWrite shard) {
        return drive.append(shard);
    }

    @Override
    public Optional<ShardInfo> find(ShardKey key) {
        return within(CALL, "a look into its index", () -> drive.find(key));
    }

    @Override
    public Optional<byte[]> label(ShardKey key) {
        return within(CALL, "a read", () -> drive.label(key));
    }

    /** After a fault of kind HUNG the memory of the target must not be used any more: the drive may still fill it. */
    @Override
    public boolean read(ShardKey key, int offset, ByteBuffer target) {
        ByteBuffer view = target.duplicate();
        boolean found = within(patience, "a read", () -> drive.read(key, offset, view));
        if (found) {
            target.position(view.position());
        }
        return found;
    }

    /** As {@link #read}, however long it takes: for when there is no other drive to ask. */
    boolean readPatiently(ShardKey key, int offset, ByteBuffer target) {
        return drive.read(key, offset, target);
    }

    @Override
    public boolean verify(ShardKey key) {
        return within(CALL, "a read", () -> drive.verify(key));
    }

    @Override
    public void release(Collection<ShardKey> keys) {
        drive.release(keys);
    }

    @Override
    public void scan(Consumer<LabelledShard> visitor) {
        drive.scan(visitor);
    }

    @Override
    public void writeCatalogue(byte[] content) {
        boolean _ = within(CALL, "a write", () -> {
            drive.writeCatalogue(content);
            return true;
        });
    }

    @Override
    public Optional<byte[]> readCatalogue() {
        return within(CALL, "a read", drive::readCatalogue);
    }

    /** Closes the drive, or leaves it to itself when it does not let go: the others have to be closed too. */
    @Override
    public void close() {
        try {
            boolean _ = await(CALL, "closing", () -> {
                drive.close();
                return true;
            });
        } catch (DriveFault hanging) {
            LOG.warn("drive {} was not closed: {}", id(), hanging.getMessage());
        }
    }

    private <T> T within(Duration limit, String what, Supplier<T> call) {
        Optional<DriveFault> trouble = trouble();
        if (hung(trouble)) {
            throw trouble.orElseThrow();
        }
        return await(limit, what, call);
    }

    private <T> T await(Duration limit, String what, Supplier<T> call) {
        GivenTime<T> given = new GivenTime<>(clock, () -> permitted(limit, what, call), this::cameBack);
        Thread.ofVirtual().name("drive-call").start(given);
        return given.await(limit, () -> {
            if (overdue.getAndIncrement() == 0) {
                overdueSince = clock.nanos();
            }
            return hung(what);
        });
    }

    private void cameBack() {
        overdue.decrementAndGet();
    }

    private <T> T permitted(Duration limit, String what, Supplier<T> call) {
        boolean permitted = false;
        try {
            permitted = calls.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (!permitted) {
                throw hung(what);
            }
            return call.get();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("nobody interrupts this thread", impossible);
        } finally {
            if (permitted) {
                calls.release();
            }
        }
    }
}
