package io.cairn.repository.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.FakeS3;
import io.cairn.testkit.FakeS3.Fault;
import java.time.Instant;
import java.time.Period;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a repository in a bucket does beside the contract. */
final class S3StoreTest {
    private static final FileName PACK = new FileName(Area.PACKS, "ab".repeat(32));
    private static final FileName LOCK = new FileName(Area.LOCKS, "cd".repeat(32));
    private static final byte[] BYTES = {1, 2, 3};

    private final FakeS3 server = new FakeS3().with("bucket", false, false);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void server_thatOverlooksConditions_isFoundOutOnce() {
        server.conditionalWrites(false);
        Backend store = BucketContract.store(server, Optional.empty());
        assertTrue(store.saveIfAbsent(PACK, BYTES));
        assertFalse(store.saveIfAbsent(PACK, new byte[9]));
        assertArrayEquals(BYTES, store.load(PACK));
        long probes = server.requests().stream()
                .filter(line -> line.startsWith("PUT") && line.contains("probe"))
                .count();
        assertEquals(2, probes, () -> server.requests().toString());
    }

    @Test
    void conditionalWrite_whoseAnswerWasLost_isOurs() {
        Backend store = BucketContract.store(server, Optional.empty());
        assertTrue(store.saveIfAbsent(LOCK, BYTES));
        server.failWith((method, path) -> method.equals("PUT")
                        && path.contains("data/")
                        && server.requests().stream()
                                        .filter(line -> line.contains("PUT /bucket/some/prefix/data"))
                                        .count()
                                == 1
                ? Optional.of(new Fault.Drops(true))
                : Optional.empty());
        assertTrue(store.saveIfAbsent(PACK, BYTES));
        assertFalse(store.saveIfAbsent(PACK, new byte[9]));
    }

    @Test
    void space_usedUp_isAFaultThatSaysSo() {
        Backend store = BucketContract.store(server, Optional.empty());
        server.failWith((_, _) -> Optional.of(new Fault.Says(507, "InsufficientStorage")));
        var fault = assertThrows(RepositoryFault.Unavailable.class, () -> store.save(PACK, BYTES, 3));
        assertFalse(fault.retrySafe());
        assertTrue(String.valueOf(fault.getMessage()).contains("Make room"), fault::getMessage);
    }

    @Test
    void lasting_files_areLocked_andTheOthersNot() {
        server.with("bucket", true, true);
        Backend store = BucketContract.store(server, Optional.of(Period.ofDays(30)));
        store.prepare();
        store.save(PACK, BYTES, 3);
        store.save(LOCK, BYTES, 3);
        Instant until = Instant.parse(server.lockedUntil("bucket", "some/prefix/" + PACK.path()));
        assertTrue(until.isAfter(io.cairn.base.Clock.system().now().plus(java.time.Duration.ofDays(29))));
        assertEquals("", server.lockedUntil("bucket", "some/prefix/" + LOCK.path()));
        store.delete(LOCK);
        assertTrue(store.list(Area.LOCKS).isEmpty());
    }

    @Test
    void locks_ofOldFiles_areRenewed_andOthersNot() {
        server.with("bucket", true, true);
        S3Store week = BucketContract.store(server, Optional.of(Period.ofDays(7)));
        week.save(PACK, BYTES, 3);
        FileName other = new FileName(Area.PACKS, "ef".repeat(32));
        S3Store month = BucketContract.store(server, Optional.of(Period.ofDays(30)));
        month.save(other, BYTES, 3);
        month.save(LOCK, BYTES, 3);
        String before = server.lockedUntil("bucket", "some/prefix/" + other.path());
        assertEquals(new S3Store.Extended(2, 1), month.extend());
        Instant until = Instant.parse(server.lockedUntil("bucket", "some/prefix/" + PACK.path()));
        assertTrue(until.isAfter(io.cairn.base.Clock.system().now().plus(java.time.Duration.ofDays(29))));
        assertEquals(before, server.lockedUntil("bucket", "some/prefix/" + other.path()));
        assertEquals("", server.lockedUntil("bucket", "some/prefix/" + LOCK.path()));
    }

    @Test
    void lock_inABucketWithoutLocks_isRefusedAtTheStart() {
        Backend store = BucketContract.store(server, Optional.of(Period.ofDays(30)));
        assertThrows(RepositoryFault.Refused.class, store::prepare);
    }
}
