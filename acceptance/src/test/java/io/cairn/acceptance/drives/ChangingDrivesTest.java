package io.cairn.acceptance.drives;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.Shell;
import io.cairn.model.DriveId;
import io.cairn.model.ObjectRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drives that are added, replaced, retired, missing at start, and come back. */
@Tag("slow")
@Tag("acceptance")
final class ChangingDrivesTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path root;

    @Test
    void drives_oneThenTwoThenThree_raiseCopiesAndMembersAndBearTheLossOfTheFirst() {
        List<Path> data = directories(3);
        try (TestNode node = TestNode.start(data.subList(0, 1), "")) {
            put(node, "one");
            make(data.get(1));
            DriveId _ = node.store().addDrive(data.get(1));
            put(node, "two");
            node.await("healed on two", SOON, node::healed);
            make(data.get(2));
            DriveId _ = node.store().addDrive(data.get(2));
            node.await("healed on three", SOON, node::healed);
            node.await("three members", SOON, () -> node.members(3));
            assertEquals("copies:3", node.store().placement().small().toString());
            Shell.removeTree(data.get(0));
            node.await("the loss is noticed", SOON, () -> !node.in(data.get(0)));
            check(node, "one");
            check(node, "two");
            put(node, "three");
        }
        try (TestNode node = TestNode.start(data.subList(1, 3), "")) {
            check(node, "one");
            check(node, "three");
        }
    }

    @Test
    void drive_lostThenReplacedByAnEmptyDirectoryOnline_isHealedAndTheOldOneRetired() {
        List<Path> data = directories(3);
        try (TestNode node = TestNode.start(data, "")) {
            put(node, "a");
            DriveId lost = node.drive(data.get(0)).drive().id();
            Shell.removeTree(data.get(0));
            node.await("out", SOON, () -> !node.in(data.get(0)) && out(node, lost));
            put(node, "b");
            make(data.get(0));
            DriveId _ = node.store().addDrive(data.get(0));
            assertTrue(node.store().retireDrive(lost), "the lost drive can be retired");
            node.await("healed", SOON, () -> node.healed() && node.store().reclaimsWaiting(1) == 0);
            node.await("three members", SOON, () -> node.members(3));
            Shell.removeTree(data.get(1));
            node.await("the second loss is noticed", SOON, () -> !node.in(data.get(1)));
            check(node, "a");
            check(node, "b");
        }
    }

    @Test
    void drive_missingAtStartAndBackLater_catchesUpAndItsFormerMemberDoesNotDisturb() {
        List<Path> data = directories(4);
        try (TestNode node = TestNode.start(data, "copies:3")) {
            put(node, "a");
        }
        Path away = root.resolve("away");
        String _ = Shell.run("mv", data.get(0).toString(), away.toString());
        try (TestNode node = TestNode.start(data, "")) {
            check(node, "a");
            put(node, "b");
            node.await("a member on the fourth drive", SOON, () -> node.members(3));
            node.await("healed without it", SOON, node::healed);
        }
        String _ = Shell.run("mv", away.toString(), data.get(0).toString());
        try (TestNode node = TestNode.start(data, "")) {
            node.await("back in service", SOON, () -> node.in(data.get(0)));
            node.await("healed with it", SOON, () -> node.healed() && node.members(3));
            check(node, "a");
            check(node, "b");
            Shell.removeTree(data.get(1));
            node.await("healed without the second", SOON, () -> !node.in(data.get(1)) && node.members(3));
            check(node, "a");
            check(node, "b");
        }
    }

    @Test
    void directory_addedToTheCommandLine_joinsAtTheNextStart() {
        List<Path> data = directories(2);
        try (TestNode node = TestNode.start(data.subList(0, 1), "")) {
            put(node, "a");
        }
        make(data.get(1));
        try (TestNode node = TestNode.start(data, "")) {
            node.await("two drives, healed", SOON, () -> node.in(data.get(1)) && node.healed());
            check(node, "a");
        }
    }

    private static void make(Path directory) {
        String _ = Shell.run("mkdir", directory.toString());
    }

    private static boolean out(TestNode node, DriveId id) {
        return node.store().placement().drive(id).orElseThrow().state() == io.cairn.model.Placement.State.OUT;
    }

    private List<Path> directories(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> root.resolve("d" + i))
                .toList();
    }

    private static void put(TestNode node, String prefix) {
        for (int i = 0; i < 30; i++) {
            ObjectRow _ = node.client("drives").put(prefix + i, content(prefix, i));
        }
    }

    private static void check(TestNode node, String prefix) {
        for (int i = 0; i < 30; i++) {
            assertArrayEquals(
                    content(prefix, i), node.client("drives").get(prefix + i).orElseThrow(), prefix + i);
        }
    }

    private static byte[] content(String prefix, int i) {
        return Content.bytes(prefix + i, 1, i % 5 == 0 ? 1_500_000 : i * 1000);
    }
}
