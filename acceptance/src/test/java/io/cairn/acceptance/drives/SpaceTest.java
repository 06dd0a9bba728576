package io.cairn.acceptance.drives;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.LoopDrive;
import io.cairn.acceptance.Shell;
import io.cairn.model.ObjectRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What deletes and overwrites give back to the file system, and how soon; and a drive that grows. */
@Tag("slow")
@Tag("acceptance")
final class SpaceTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MIB = 1 << 20;

    @TempDir
    Path root;

    @Test
    void delete_largeAndSmallObjects_givesTheFileSystemItsSpaceBack() {
        assumeTrue(Shell.canMount(), "mounting small file systems needs root and losetup");
        try (LoopDrive drive = new LoopDrive(root, "d0", 2000);
                TestNode node = TestNode.start(List.of(drive.data()), "")) {
            Client client = node.client("space");
            ObjectRow _ = client.put("warm", new byte[1000]);
            cycle(node, drive, "1 MiB", 300, _ -> MIB);
            cycle(node, drive, "40 KiB", 6000, _ -> 40 << 10);
        }
    }

    private void cycle(TestNode node, LoopDrive drive, String name, int count, IntFunction<Integer> length) {
        Client client = node.client("space");
        long empty = used(drive);
        byte[] bytes = Content.bytes(name, 1, length.apply(0));
        put(client, name, count, bytes);
        long full = used(drive);
        put(client, name, count, bytes);
        long begun = System.nanoTime();
        within(node, drive, full + (full - empty) / 2, "overwrite of " + name, begun);
        for (int i = 0; i < count; i++) {
            client.delete(name + i);
        }
        begun = System.nanoTime();
        System.out.println(name + " x " + count + ": used before " + empty / MIB + " MiB, full " + full / MIB + " MiB");
        // What stays is at most the open segment, half of each other, and the spare.
        within(node, drive, empty + (160L << 20), "delete of " + name, begun);
        assertTrue(full - empty > (long) count * length.apply(0), "the content was there");
        System.out.println(node.drive(drive.data()).space());
    }

    private static void put(Client client, String name, int count, byte[] bytes) {
        for (int i = 0; i < count; i++) {
            ObjectRow _ = client.put(name + i, bytes);
        }
    }

    private static void within(TestNode node, LoopDrive drive, long limit, String what, long begun) {
        node.await(what + ": at most " + limit / MIB + " MiB used", SOON, () -> used(drive) <= limit);
        System.out.println(what + ": " + used(drive) / MIB + " MiB used " + (System.nanoTime() - begun) / 1_000_000
                + " ms after the last");
    }

    private static long used(LoopDrive drive) {
        java.io.File file = drive.data().toFile();
        return file.getTotalSpace() - file.getFreeSpace();
    }

    @Test
    void drive_enlargedOnline_isNoticedAndTakesItsWeight() {
        assumeTrue(Shell.canMount(), "mounting small file systems needs root and losetup");
        try (LoopDrive drive = LoopDrive.xfs(root, "d0", 800);
                TestNode node = TestNode.start(List.of(drive.data()), "")) {
            long before = node.drive(drive.data()).drive().weight();
            drive.grow(1600);
            node.await(
                    "the weight follows",
                    Duration.ofSeconds(10),
                    () -> node.drive(drive.data()).drive().weight() > before * 3 / 2);
            assertTrue(node.drive(drive.data()).space().orElseThrow().capacity() > before * 3 / 2);
        }
    }
}
