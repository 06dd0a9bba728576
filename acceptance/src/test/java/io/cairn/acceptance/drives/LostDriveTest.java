package io.cairn.acceptance.drives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.LoopDrive;
import io.cairn.acceptance.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four drives under load, one of them fails in each way that a drive can; then another one. */
@Tag("slow")
@Tag("acceptance")
final class LostDriveTest {
    private static final Duration NOTICED = Duration.ofSeconds(40);
    private static final Duration HEALED = Duration.ofSeconds(120);
    private static final int MEBIBYTES = 1200;

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "DELETED,copies:3,0", "FILLED,copies:3,1", "READ_ONLY,copies:3,2", "SWAPPED,copies:3,0", "UNMOUNTED,copies:3,1",
        "DELETED,ec:2+2,2", "FILLED,ec:2+2,0", "READ_ONLY,ec:2+2,1", "SWAPPED,ec:2+2,3", "UNMOUNTED,ec:2+2,0"
    })
    void drive_anyFaultUnderLoad_losesNothingAndHealsAndBearsAnother(DriveLoss fault, String redundancy, int victim) {
        assumeTrue(Shell.canMount(), "mounting small file systems needs root and losetup");
        List<LoopDrive> drives = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                drives.add(new LoopDrive(root, "d" + i, MEBIBYTES));
            }
            List<Path> data = drives.stream().map(LoopDrive::data).toList();
            try (TestNode node = TestNode.start(data, redundancy);
                    Load load = new Load(node.client("load").forLoad(), victim).start(4, 2)) {
                node.await("three members", NOTICED, () -> node.members(3));
                LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
                long before = load.writes();
                fault.strike(drives.get(victim));
                node.await("the fault is noticed", NOTICED, () -> !node.in(data.get(victim)));
                settle(node, fault, redundancy);
                load.close();
                report(fault, redundancy, load, before);
                assertEquals(List.of(), load.readFailures());
                assertEquals(List.of(), load.writeFailures());
                assertTrue(load.writes() > before, "writes went on");
                assertEquals(List.of(), load.wrong(node.client("load").forLoad()));
                loseAnother(node, drives, victim, load, redundancy);
            }
        } finally {
            drives.forEach(LoopDrive::close);
        }
    }

    /** Copies are whole again on three drives, members on three drives; a stripe of four shards cannot be. */
    private static void settle(TestNode node, DriveLoss fault, String redundancy) {
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        node.await("three members again", HEALED, () -> node.members(3));
        if (redundancy.startsWith("copies") && fault != DriveLoss.FILLED) {
            node.await("healed", HEALED, node::healed);
        }
    }

    private static void loseAnother(TestNode node, List<LoopDrive> drives, int victim, Load load, String redundancy) {
        if (redundancy.startsWith("copies")) {
            node.await("nothing waits for repair", HEALED, () -> node.store().repairsWaiting(1) == 0);
        }
        int second = (victim + 1) % drives.size();
        drives.get(second).unmountLazily();
        node.await(
                "the second loss is noticed",
                NOTICED,
                () -> !node.in(drives.get(second).data()));
        assertEquals(List.of(), load.wrong(node.client("load").forLoad()));
        if (redundancy.startsWith("copies")) {
            byte[] bytes = Content.bytes("after", 1, 100_000);
            TestNode.await(
                    "a write",
                    NOTICED,
                    () -> node.client("load").put("after", bytes).size() > 0,
                    node::state);
            assertTrue(node.client("load").get("after").isPresent());
        }
    }

    private static void report(DriveLoss fault, String redundancy, Load load, long before) {
        System.out.println(fault + " " + redundancy + ": " + load + ", " + before + " writes before the fault");
    }
}
