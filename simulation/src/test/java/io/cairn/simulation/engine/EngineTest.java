package io.cairn.simulation.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.consensus.MemoryLog;
import io.cairn.engine.ObjectRead;
import io.cairn.engine.PutResult;
import io.cairn.model.Command;
import io.cairn.model.CommandCodec;
import io.cairn.model.CommandLog;
import io.cairn.model.LogStatus;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.ReplicatedState;
import io.cairn.model.ShardKey;
import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import io.cairn.model.UncertainFault;
import io.cairn.simulation.MemoryMetadata;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EngineTest {
    private static final int LARGE = 3 * EngineNode.STRIPE + 12_345;

    @ParameterizedTest
    @CsvSource({"1,''", "3,copies:3", "4,copies:2", "4,ec:2+2", "6,ec:4+2"})
    void put_anySize_isReadBackWholeAndInRanges(int drives, String redundancy) {
        try (EngineNode node = new EngineNode(drives, redundancy)) {
            for (int length : new int[] {0, 1, 1000, EngineNode.STRIPE, EngineNode.STRIPE * 2, 300_001, LARGE}) {
                byte[] bytes = EngineNode.content(length, length);
                assertEquals(length, node.put("k" + length, bytes).size());
                assertArrayEquals(bytes, node.get("k" + length));
            }
            byte[] bytes = EngineNode.content(LARGE, LARGE);
            for (int from = 0; from < LARGE; from += 61_001) {
                int length = Math.min(130_003, LARGE - from);
                assertArrayEquals(
                        java.util.Arrays.copyOfRange(bytes, from, from + length),
                        node.range("k" + LARGE, from, length));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4,ec:2+2,2", "6,ec:4+2,2", "3,copies:3,2"})
    void shards_anyThatMayBeLostAreLost_readIsWholeAndRepairPutsThemBack(int drives, String redundancy, int losses) {
        try (EngineNode node = new EngineNode(drives, redundancy)) {
            byte[] bytes = EngineNode.content(7, LARGE);
            Map<Long, Integer> whole = new HashMap<>();
            for (int pattern = 1; pattern < 1 << drives; pattern++) {
                if (Integer.bitCount(pattern) <= losses) {
                    long blob = node.put("k" + pattern, bytes)
                            .parts()
                            .getFirst()
                            .blob()
                            .id()
                            .value();
                    whole.put(blob, node.shardsOf(blob));
                    for (int i = 0; i < drives; i++) {
                        if ((pattern & 1 << i) != 0) {
                            drop(node.drive(i), blob);
                        }
                    }
                    assertArrayEquals(bytes, node.get("k" + pattern), "pattern " + pattern);
                }
            }
            // A read finds lost data; what else is lost is found by the pass when a drive has come back.
            node.drive(0).gone(true);
            node.await("noticed", () -> node.store().drives().getFirst().space().isEmpty());
            node.drive(0).gone(false);
            node.await(
                    "all are whole again",
                    () -> whole.entrySet().stream()
                            .allMatch(entry -> node.shardsOf(entry.getKey()) == entry.getValue()));
        }
    }

    private static void drop(HeapDrive drive, long blob) {
        for (ShardKey key : drive.keys()) {
            if (key.blob().value() == blob && key.stripe() != ShardKey.SEAL) {
                drive.drop(key);
            }
        }
    }

    @Test
    void put_oneDriveIsGone_isAcknowledgedAndHealedWhenTheDriveReturns() {
        try (EngineNode node = new EngineNode(3, "copies:3")) {
            node.drive(1).gone(true);
            byte[] bytes = EngineNode.content(3, LARGE);
            assertEquals(LARGE, node.put("k", bytes).size());
            assertArrayEquals(bytes, node.get("k"));
            assertTrue(node.store().repairsWaiting(10) > 0, "the missing copy is a repair task of the same commit");
            node.drive(1).gone(false);
            node.await("healed", () -> node.drive(1).keys().equals(node.drive(0).keys()) && node.idle());
        }
    }

    @Test
    void put_twoOfThreeDrivesAreGone_isRefusedAndLeavesNothing() {
        try (EngineNode node = new EngineNode(3, "copies:3")) {
            node.drive(1).gone(true);
            node.drive(2).gone(true);
            byte[] bytes = EngineNode.content(3, 1000);
            StorageFault fault = assertThrows(StorageFault.class, () -> node.put("k", bytes));
            assertTrue(String.valueOf(fault.getMessage()).contains("1 of 2 needed"), fault.getMessage());
            assertEquals(0, node.shards());
            assertTrue(node.store()
                    .objects()
                    .find(node.bucket(), new ObjectKey("k"))
                    .isEmpty());
            assertEquals(0, node.store().uploadMemoryTaken());
        }
    }

    @Test
    void delete_oneDriveIsAway_isCarriedOutThereWhenItReturns() {
        try (EngineNode node = new EngineNode(3, "copies:3")) {
            for (int i = 0; i < 20; i++) {
                node.put("k" + i, EngineNode.content(i, 1000));
            }
            node.drive(2).gone(true);
            for (int i = 0; i < 20; i++) {
                node.delete("k" + i);
            }
            node.await("released where it can be", () -> node.drive(0).keys().isEmpty());
            assertEquals(20, node.drive(2).keys().size());
            assertEquals(20, node.store().reclaimsWaiting(100), "kept in mind for the drive that is away");
            node.drive(2).gone(false);
            node.await("released there", () -> node.drive(2).keys().isEmpty() && node.idle());
        }
    }

    @Test
    void delete_repairIsQueuedForTheBlob_leavesNeitherShardsNorRepairs() {
        try (EngineNode node = new EngineNode(3, "copies:3")) {
            node.drive(0).gone(true);
            node.put("k", EngineNode.content(1, LARGE));
            node.delete("k");
            node.drive(0).gone(false);
            node.await("nothing left", () -> node.shards() == 0 && node.idle());
        }
    }

    @Test
    void drives_oneThenThree_raiseTheCopiesOfWhatIsThere() {
        try (EngineNode node = new EngineNode(1, "")) {
            byte[] bytes = EngineNode.content(5, LARGE);
            node.put("k", bytes);
            node.store().addDrive(EngineNode.path(1));
            node.store().addDrive(EngineNode.path(2));
            node.await(
                    "three copies",
                    () -> node.drive(2).keys().equals(node.drive(0).keys()) && node.idle());
            node.drive(0).gone(true);
            node.drive(1).gone(true);
            assertArrayEquals(bytes, node.get("k"));
        }
    }

    @Test
    void delete_whileTheObjectIsRead_keepsItsShardsUntilTheReaderIsDone() {
        try (EngineNode node = new EngineNode(1, "")) {
            byte[] bytes = EngineNode.content(5, LARGE);
            node.put("k", bytes);
            try (ObjectRead read = node.open("k").orElseThrow()) {
                node.delete("k");
                node.put("other", EngineNode.content(6, 10));
                node.delete("other");
                node.await("the other is reclaimed", () -> node.store().reclaimsWaiting(10) == 1);
                assertArrayEquals(bytes, EngineNode.all(read));
            }
            node.await("reclaimed", () -> node.shards() == 0 && node.idle());
        }
    }

    /** A reader that is slow between finding a row and opening it meets no damage, only other news. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void open_ofWhatWasReclaimedMeanwhile_saysToLookAgain(boolean overwritten) {
        try (EngineNode node = new EngineNode(1, "")) {
            node.put("k", EngineNode.content(5, LARGE));
            ObjectRow stale = node.row("k");
            if (overwritten) {
                node.put("k", EngineNode.content(6, 10));
            } else {
                node.delete("k");
            }
            node.await("reclaimed", () -> node.store().reclaimsWaiting(10) == 0);
            assertTrue(node.open(stale).isEmpty());
        }
    }

    @Test
    void uploads_moreThanTheMemoryHolds_areBoundedAndGiveItBack() throws InterruptedException {
        try (EngineNode node = new EngineNode(1, "", new MemoryLog(new MemoryMetadata()), 8 * EngineNode.STRIPE)) {
            CountDownLatch done = new CountDownLatch(40);
            AtomicInteger stored = new AtomicInteger();
            AtomicInteger slowed = new AtomicInteger();
            for (int i = 0; i < 40; i++) {
                String key = "k" + i;
                byte[] bytes = EngineNode.content(i, LARGE);
                Thread.ofVirtual().start(() -> {
                    try {
                        node.put(key, bytes);
                        stored.incrementAndGet();
                    } catch (UnavailableFault slowDown) {
                        slowed.incrementAndGet();
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
            assertEquals(40, stored.get() + slowed.get());
            assertTrue(stored.get() > 0);
            assertEquals(0, node.store().uploadMemoryTaken());
        }
    }

    @Test
    void put_aDriveIsLate_isAcknowledgedByTheOthersAndItsBufferIsNotUsedAgain() {
        try (EngineNode node = new EngineNode(3, "copies:3")) {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            node.drive(2).gate(gate);
            byte[] first = EngineNode.content(1, LARGE);
            node.put("first", first);
            byte[] second = EngineNode.content(2, LARGE);
            node.drive(2).gate(null);
            node.put("second", second);
            gate.complete(null);
            node.await(
                    "the late shards",
                    () -> node.drive(2).keys().equals(node.drive(0).keys()));
            node.drive(0).gone(true);
            node.drive(1).gone(true);
            assertArrayEquals(first, node.get("first"), "what the late drive stored was not overwritten meanwhile");
            assertArrayEquals(second, node.get("second"));
        }
    }

    @Test
    void commit_underAnEndedLease_isRefusedErasedAndTheNextOneSucceeds() {
        MemoryMetadata state = new MemoryMetadata();
        try (EngineNode node = new EngineNode(1, "", new MemoryLog(state), 8 * EngineNode.STRIPE)) {
            state.apply(
                    state.appliedIndex() + 1,
                    List.of(CommandCodec.encode(new Command.AcquireLease("gateway", Instant.EPOCH))));
            assertThrows(UnavailableFault.class, () -> node.put("k", EngineNode.content(1, LARGE)));
            assertEquals(0, node.shards());
            assertInstanceOf(PutResult.Stored.class, node.put("k", EngineNode.source(EngineNode.content(1, 10)), 10));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void commit_uncertain_keepsTheShards(boolean entered) {
        UncertainLog log = new UncertainLog();
        try (EngineNode node = new EngineNode(1, "", log, 8 * EngineNode.STRIPE)) {
            log.entered = entered;
            log.uncertain.set(true);
            byte[] bytes = EngineNode.content(1, LARGE);
            assertThrows(UncertainFault.class, () -> node.put("k", bytes));
            assertTrue(node.shards() > 0, "its row may be in the log");
            if (entered) {
                assertArrayEquals(bytes, node.get("k"));
            } else {
                assertTrue(node.store()
                        .objects()
                        .find(node.bucket(), new ObjectKey("k"))
                        .isEmpty());
            }
        }
    }

    /** A log that loses one answer. */
    private static final class UncertainLog implements CommandLog {
        private final MemoryLog log = new MemoryLog(new MemoryMetadata());
        private final AtomicBoolean uncertain = new AtomicBoolean();
        private volatile boolean entered;

        @Override
        public byte[] submit(byte[] command) {
            if (CommandCodec.decode(command) instanceof Command.PutObject && uncertain.getAndSet(false)) {
                if (entered) {
                    byte[] _ = log.submit(command);
                }
                throw new UncertainFault("the answer was lost");
            }
            return log.submit(command);
        }

        @Override
        public ReplicatedState leaderState() {
            return log.leaderState();
        }

        @Override
        public LogStatus status() {
            return log.status();
        }

        @Override
        public void close() {
            log.close();
        }
    }

    @Test
    void get_manyAtOnceWhileDrivesComeAndGo_neverFails() throws InterruptedException {
        try (EngineNode node = new EngineNode(4, "ec:2+2")) {
            byte[] bytes = EngineNode.content(9, LARGE);
            node.put("k", bytes);
            List<Thread> readers = new ArrayList<>();
            AtomicInteger wrong = new AtomicInteger();
            for (int i = 0; i < 8; i++) {
                readers.add(Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < 30; n++) {
                        try {
                            wrong.addAndGet(java.util.Arrays.equals(bytes, node.get("k")) ? 0 : 1);
                        } catch (StorageFault fault) {
                            wrong.incrementAndGet();
                        }
                    }
                }));
            }
            for (int i = 0; i < 40; i++) {
                node.drive(i % 4).gone(true);
                Thread.onSpinWait();
                node.drive((i + 1) % 4).gone(true);
                node.drive(i % 4).gone(false);
                node.drive((i + 1) % 4).gone(false);
            }
            for (Thread reader : readers) {
                reader.join();
            }
            assertEquals(0, wrong.get());
        }
    }
}
