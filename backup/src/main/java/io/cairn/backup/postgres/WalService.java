package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.RepositoryFault;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Keeps the archive of a cluster whole: receives its WAL, and takes a base backup when there is none, or none that is
 * newer than the last gap. One use; {@link #run} is the receiver's thread, base backups have another.
 */
public final class WalService {
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private final Repository repository;
    private final PostgresAddress address;
    private final Runnable takeBase;
    private final WalEvents events;
    private final WalReceiver receiver;
    private final Semaphore look = new Semaphore(0);
    private volatile boolean streaming;

    /**
     * @param takeBase takes a base backup of the same cluster into the same repository; a thread of its own calls it
     */
    public WalService(
            Repository repository,
            PostgresAddress address,
            Supplier<Optional<byte[]>> password,
            WalReceiver.Settings settings,
            Runnable takeBase,
            WalEvents events) {
        this.repository = repository;
        this.address = address;
        this.takeBase = takeBase;
        this.events = events;
        this.receiver = new WalReceiver(repository, address, password, settings, new Watch());
    }

    /** Passes on, and notices when a base backup is due. */
    private final class Watch implements WalEvents {
        @Override
        public void progress(long timeline, Lsn flushed, Lsn written) {
            if (!streaming) {
                streaming = true;
                look.release();
            }
            events.progress(timeline, flushed, written);
        }

        @Override
        public void note(String sentence) {
            events.note(sentence);
        }

        @Override
        public void alarm(String sentence) {
            events.alarm(sentence);
        }

        @Override
        public void gap(WalArea.Gap gap) {
            streaming = false;
            events.gap(gap);
        }
    }

    /** Runs until told to stop; faults that only a person can mend end it. */
    public void run(BooleanSupplier stop) {
        Thread bases = Thread.ofPlatform().daemon().name("wal-base").start(() -> bases(stop));
        try {
            receiver.runForEver(stop, WalService::pause);
        } finally {
            bases.interrupt();
            join(bases);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void bases(BooleanSupplier stop) {
        try {
            while (!stop.getAsBoolean()) {
                boolean asked = look.tryAcquire(AGAIN.toSeconds(), TimeUnit.SECONDS);
                look.drainPermits();
                if ((asked || streaming) && !stop.getAsBoolean()) {
                    attempt();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() {
        try {
            Optional<String> why = baseIsDue();
            if (why.isPresent()) {
                events.note(why.get() + ": taking one");
                takeBase.run();
                events.note("a base backup of " + address.name() + " is in the repository");
            }
        } catch (SourceFault failed) {
            events.alarm("no base backup: " + failed.getMessage());
        } catch (RepositoryFault failed) {
            events.alarm("no base backup: " + failed.getMessage());
        }
    }

    /** Why a base backup is needed; empty when it is not. */
    private Optional<String> baseIsDue() {
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            List<BaseSnapshot> bases = BaseSnapshot.all(repository, reader, address.name());
            Optional<Lsn> newest = bases.stream().map(BaseSnapshot::start).max(Comparator.naturalOrder());
            if (newest.isEmpty()) {
                return Optional.of("there is no base backup of " + address.name());
            }
            return new WalArea(repository, address.name())
                    .gaps().stream()
                            .filter(gap -> gap.range().to().isAfter(newest.get()))
                            .map(gap -> "there is no base backup after the gap from " + gap.range())
                            .findFirst();
        }
    }
}
