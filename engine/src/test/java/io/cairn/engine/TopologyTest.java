package io.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.DriveId;
import io.cairn.model.Placement;
import io.cairn.model.Redundancy;
import io.cairn.testkit.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final long TERABYTE = 1L << 40;

    @Test
    void everyGroup_hasAsManyDifferentDrivesAsItsWidth() {
        Property.holds(50, random -> {
            int count = random.nextInt(1, 9);
            Placement map = map(random, count);
            int width = Math.min(3, count);
            for (List<DriveId> group : map.groups()) {
                assertEquals(width, group.size());
                assertEquals(width, new HashSet<>(group).size());
            }
        });
    }

    @Test
    void losingADrive_movesOnlyTheGroupsItWasIn() {
        Property.holds(50, random -> {
            Placement before = map(random, random.nextInt(4, 9));
            DriveId lost = before.drives().getFirst().id();
            Placement after = Topology.withState(before, lost, "/lost", Placement.State.OUT);
            for (int group = 0; group < before.groups().size(); group++) {
                List<DriveId> kept = new ArrayList<>(before.groups().get(group));
                boolean member = kept.remove(lost);
                assertFalse(after.groups().get(group).contains(lost));
                assertTrue(after.groups().get(group).containsAll(kept), "a healthy copy was moved");
                assertTrue(member
                        || after.groups().get(group).equals(before.groups().get(group)));
            }
        });
    }

    @Test
    void aReturningDrive_restoresTheMap() {
        Placement before = map(new SplittableRandom(1), 5);
        DriveId drive = before.drives().get(2).id();
        Placement out = Topology.withState(before, drive, "/d", Placement.State.OUT);
        Placement back = Topology.withState(out, drive, "/d", Placement.State.IN);
        assertEquals(before.groups(), back.groups());
        assertEquals(before.version() + 2, back.version());
    }

    @Test
    void weight_decidesTheShareOfGroups() {
        SplittableRandom random = new SplittableRandom(7);
        List<Placement.Drive> drives = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            drives.add(drive(random, i == 0 ? 4 * TERABYTE : TERABYTE));
        }
        Map<DriveId, Integer> first = new HashMap<>();
        for (List<DriveId> group : Rendezvous.groups(4000, 1, drives)) {
            first.merge(group.getFirst(), 1, Integer::sum);
        }
        double share = first.get(drives.getFirst().id()) / 4000.0;
        assertEquals(4.0 / 7.0, share, 0.03);
    }

    @Test
    void addingDrives_raisesCopiesThatTheirNumberLimited() {
        SplittableRandom random = new SplittableRandom(3);
        Placement map = map(random, 1);
        assertEquals(new Redundancy.Copies(1), map.large());
        map = Topology.withDrive(map, drive(random, TERABYTE));
        assertEquals(new Redundancy.Copies(2), map.large());
        map = Topology.withDrive(map, drive(random, TERABYTE));
        assertEquals(new Redundancy.Copies(3), map.large());
        map = Topology.withDrive(map, drive(random, TERABYTE));
        assertEquals(new Redundancy.Copies(3), map.large());
        assertEquals(4, map.version());
    }

    private static Placement map(SplittableRandom random, int count) {
        List<Placement.Drive> drives = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drives.add(drive(random, TERABYTE));
        }
        Redundancy.Copies copies = Topology.copiesFor(count);
        return Topology.first(drives, copies, copies);
    }

    private static Placement.Drive drive(SplittableRandom random, long weight) {
        DriveId id = new DriveId(new UUID(random.nextLong(), random.nextLong()));
        return new Placement.Drive(id, "/drive/" + id, weight, Placement.State.IN);
    }
}
