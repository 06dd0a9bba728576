package io.cairn.repository.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.testkit.FakeS3;
import io.cairn.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every backend and decorator keeps the contract, and does its own part. */
final class BackendsTest {
    private static final FileName NAME = new FileName(Area.SNAPSHOTS, "cd".repeat(32));

    @Nested
    final class InMemory extends BackendContract {
        @Override
        Backend backend() {
            return new FaultyMemory();
        }
    }

    @Nested
    final class InDirectory extends BackendContract {
        @TempDir
        private Path directory;

        @Override
        Backend backend() {
            Backend backend = new LocalDirectory(directory.resolve("repo"), Entropy.seeded(1));
            backend.prepare();
            return backend;
        }

        @Test
        void prepare_repositoryThere_isRefused() {
            Backend backend = backend();
            backend.save(FileName.CONFIG, new byte[1], 1);
            assertThrows(RepositoryFault.Refused.class, backend::prepare);
        }

        @Test
        void temporaryFile_leftByKill_isNotListed() throws Exception {
            Backend backend = backend();
            Files.write(directory.resolve("repo/tmp/left"), new byte[9]);
            for (Area area : Area.values()) {
                assertTrue(backend.list(area).isEmpty() || area == Area.CONFIG);
            }
        }
    }

    @Nested
    final class InBucket extends BucketContract {
        @Override
        FakeS3 server() {
            return new FakeS3().with("bucket", false, false);
        }
    }

    @Nested
    final class InBucketWithVersions extends BucketContract {
        @Override
        FakeS3 server() {
            return new FakeS3().with("bucket", true, false);
        }
    }

    @Nested
    final class InBucketOnABadLine extends BucketContract {
        @Override
        FakeS3 server() {
            FakeS3 server = new FakeS3().with("bucket", false, false);
            AtomicInteger calls = new AtomicInteger();
            server.failWith((_, _) -> switch (calls.incrementAndGet() % 4) {
                case 1 -> Optional.of(new FakeS3.Fault.Says(500, "InternalError"));
                case 3 -> Optional.of(new FakeS3.Fault.Drops(false));
                default -> Optional.empty();
            });
            return server;
        }
    }

    @Nested
    final class Retrying extends BackendContract {
        private final AtomicInteger calls = new AtomicInteger();
        private final ThreadLocal<AtomicInteger> callsOfThread = ThreadLocal.withInitial(AtomicInteger::new);

        /** Every third call of a thread fails. */
        @Override
        Backend backend() {
            FaultyMemory memory = new FaultyMemory();
            memory.failWith((_, name) -> callsOfThread.get().incrementAndGet() % 3 == 1
                    ? Optional.of(new RepositoryFault.Unavailable("503 for " + name, true))
                    : Optional.empty());
            return new RetryingBackend(memory, 5, Duration.ofMillis(1), Entropy.seeded(1), _ -> {});
        }

        @Test
        void faults_thatGoOn_endTheCall() {
            FaultyMemory memory = new FaultyMemory();
            memory.failWith((_, _) -> {
                calls.incrementAndGet();
                return Optional.of(new RepositoryFault.Unavailable("500", true));
            });
            List<Duration> waits = new ArrayList<>();
            Backend backend = new RetryingBackend(memory, 4, Duration.ofSeconds(1), Entropy.seeded(1), waits::add);
            calls.set(0);
            assertThrows(RepositoryFault.Unavailable.class, () -> backend.load(NAME));
            assertEquals(4, calls.get());
            assertEquals(3, waits.size());
            assertTrue(waits.get(2).compareTo(Duration.ofSeconds(2)) > 0, waits::toString);
        }

        @Test
        void fault_thatIsFinal_isNotTriedAgain() {
            FaultyMemory memory = new FaultyMemory();
            Backend backend = new RetryingBackend(memory, 4, Duration.ofSeconds(1), Entropy.seeded(1), _ -> {
                throw new AssertionError("waited");
            });
            assertThrows(RepositoryFault.Missing.class, () -> backend.load(NAME));
        }
    }

    @Nested
    final class RateLimited extends BackendContract {
        @Override
        Backend backend() {
            return new RateLimitedBackend(new FaultyMemory(), Long.MAX_VALUE, Long.MAX_VALUE, Clock.system(), _ -> {});
        }

        @Test
        void bytes_overTheRate_wait() {
            ManualClock clock = new ManualClock(Instant.EPOCH);
            Backend backend = new RateLimitedBackend(new FaultyMemory(), 100, 50, clock, clock::advance);
            backend.save(NAME, new byte[1000], 1000);
            assertEquals(Instant.EPOCH, clock.now());
            backend.save(NAME, new byte[500], 500);
            assertEquals(Instant.EPOCH.plusSeconds(10), clock.now());
            backend.read(NAME, 0, new byte[500], 0, 500);
            assertArrayEquals(new byte[500], backend.load(NAME));
            assertEquals(Instant.EPOCH.plusSeconds(20), clock.now());
        }
    }
}
