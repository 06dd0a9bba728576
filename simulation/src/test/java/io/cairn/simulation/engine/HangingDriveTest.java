package io.cairn.simulation.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.engine.ObjectRead;
import io.cairn.model.Placement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One drive of several hangs: it neither answers nor fails. The others go on without it, and it comes back. */
@Timeout(60)
final class HangingDriveTest {
    private static final int STRIPE = EngineNode.STRIPE;
    private static final int OBJECTS = 12;

    private static byte[] content(int number) {
        return EngineNode.content(number, 3 * STRIPE + 1000 * number);
    }

    @ParameterizedTest
    @CsvSource({"3,copies:3", "4,copies:2", "4,ec:2+2", "6,ec:4+2"})
    void reads_areServedByTheOthers(int drives, String redundancy) {
        try (EngineNode node = new EngineNode(drives, redundancy)) {
            for (int i = 0; i < OBJECTS; i++) {
                node.put("k" + i, content(i));
            }
            node.drive(1).hang();
            long begun = System.nanoTime();
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < OBJECTS; i++) {
                    assertArrayEquals(content(i), node.get("k" + i), "object " + i);
                }
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.toSeconds() < 8, "2 rounds of reads took " + took);
            node.drive(1).answer();
        }
    }

    @ParameterizedTest
    @CsvSource({"3,copies:3", "4,ec:2+2"})
    void readUnderWay_isNotTouchedByWhatTheDriveGivesLate(int drives, String redundancy) {
        try (EngineNode node = new EngineNode(drives, redundancy)) {
            List<ObjectRead> open = new ArrayList<>();
            for (int i = 0; i < OBJECTS; i++) {
                node.put("k" + i, content(i));
            }
            for (int hung = 0; hung < drives; hung++) {
                node.drive(hung).hang();
                for (int i = 0; i < OBJECTS; i++) {
                    open.add(node.open("k" + i).orElseThrow());
                }
                node.drive(hung).answer();
            }
            for (int n = 0; n < open.size(); n++) {
                try (ObjectRead read = open.get(n)) {
                    assertArrayEquals(content(n % OBJECTS), EngineNode.all(read), "read " + n);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3,copies:3", "4,ec:2+2"})
    void writes_goOnWithTheQuorum_andTheDriveIsBroughtUpToDate(int drives, String redundancy) {
        try (EngineNode node = new EngineNode(drives, redundancy)) {
            node.drive(1).hang();
            node.put("while-nobody-knows", content(1));
            node.drive(1).stall();
            for (int i = 2; i < OBJECTS; i++) {
                node.put("k" + i, content(i));
            }
            node.await("the drive is out", () -> state(node, 1) == Placement.State.OUT);
            node.put("without-it", content(50));
            node.drive(1).answer();
            node.await("the drive is back", () -> state(node, 1) == Placement.State.IN);
            node.await("healed", node::idle);
            for (int other = 0; other < drives; other++) {
                if (other != 1 && redundancy.startsWith("copies")) {
                    node.drive(other).gone(true);
                }
            }
            assertArrayEquals(content(1), node.get("while-nobody-knows"));
            assertArrayEquals(content(2), node.get("k2"));
            assertArrayEquals(content(50), node.get("without-it"));
        }
    }

    private static Placement.State state(EngineNode node, int drive) {
        return node.store().drives().get(drive).drive().state();
    }

    /** Its memory is not given to somebody else while the drive may still write it. */
    @Test
    void payloadsThatTheDriveHolds_areNotReused() {
        try (EngineNode node = new EngineNode(3, "copies:3")) {
            node.drive(1).hang();
            for (int i = 0; i < OBJECTS; i++) {
                node.put("k" + i, content(i));
                node.drive(1).stall();
            }
            node.drive(1).answer();
            node.await("healed", node::idle);
            node.drive(0).gone(true);
            node.drive(2).gone(true);
            for (int i = 0; i < OBJECTS; i++) {
                assertArrayEquals(content(i), node.get("k" + i), "object " + i);
            }
        }
    }

    @Test
    void shardsOfACodedStripe_areCountedInTheMemoryForUploads() throws Exception {
        try (EngineNode node = new EngineNode(4, "ec:2+2")) {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            for (int i = 0; i < 4; i++) {
                node.drive(i).gate(gate);
            }
            byte[] bytes = EngineNode.content(1, 3 * STRIPE);
            Thread writer = Thread.ofVirtual().start(() -> node.put("k", bytes));
            node.await("shards on their way", () -> node.store().uploadMemoryTaken() == 3L * 2 * STRIPE);
            gate.complete(null);
            assertTrue(writer.join(Duration.ofSeconds(20)));
            assertEquals(0, node.store().uploadMemoryTaken());
            assertArrayEquals(bytes, node.get("k"));
        }
    }
}
