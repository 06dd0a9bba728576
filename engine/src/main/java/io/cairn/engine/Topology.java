package io.cairn.engine;

import io.cairn.model.DriveId;
import io.cairn.model.Placement;
import io.cairn.model.Redundancy;
import java.util.ArrayList;
import java.util.List;

/** The changes of the placement map, as pure functions from one version to the next. */
final class Topology {
    /** How many placement groups a map has: enough that each drive shares groups with every other. */
    static final int GROUPS = 128;

    private static final int COPIES_MAX = 3;

    private Topology() {}

    /**
     * The first map of a node: as many copies as there are drives, up to three, unless something else was asked for.
     */
    static Placement first(List<Placement.Drive> drives, Redundancy small, Redundancy large) {
        return mapped(1, small, large, drives);
    }

    /** The copies that so many drives can hold. */
    static Redundancy.Copies copiesFor(int drives) {
        return new Redundancy.Copies(Math.clamp(drives, 1, COPIES_MAX));
    }

    /** The map with one more drive. Copies that were limited by the number of drives become more. */
    static Placement withDrive(Placement before, Placement.Drive added) {
        List<Placement.Drive> drives = new ArrayList<>(before.drives());
        drives.removeIf(drive -> drive.id().equals(added.id()));
        int limit = drives.size();
        drives.add(added);
        return mapped(
                before.version() + 1,
                raised(before.small(), limit, drives.size()),
                raised(before.large(), limit, drives.size()),
                drives);
    }

    /** The map in which the drive is in the given state, at the given path. */
    static Placement withState(Placement before, DriveId id, String path, Placement.State state) {
        List<Placement.Drive> drives = before.drives().stream()
                .map(drive -> drive.id().equals(id) ? new Placement.Drive(id, path, drive.weight(), state) : drive)
                .toList();
        return mapped(before.version() + 1, before.small(), before.large(), drives);
    }

    /** The map in which the drive has another share, because it was enlarged. */
    static Placement withWeight(Placement before, DriveId id, long weight) {
        List<Placement.Drive> drives = before.drives().stream()
                .map(drive ->
                        drive.id().equals(id) ? new Placement.Drive(id, drive.path(), weight, drive.state()) : drive)
                .toList();
        return mapped(before.version() + 1, before.small(), before.large(), drives);
    }

    /** The map without a drive that is out for good. */
    static Placement withoutDrive(Placement before, DriveId id) {
        List<Placement.Drive> drives =
                before.drives().stream().filter(drive -> !drive.id().equals(id)).toList();
        return mapped(before.version() + 1, before.small(), before.large(), drives);
    }

    private static Redundancy raised(Redundancy redundancy, int limit, int drives) {
        return redundancy instanceof Redundancy.Copies(int count) && count == limit ? copiesFor(drives) : redundancy;
    }

    private static Placement mapped(long version, Redundancy small, Redundancy large, List<Placement.Drive> drives) {
        int width = Math.max(small.width(), large.width());
        return new Placement(version, small, large, drives, Rendezvous.groups(GROUPS, width, drives));
    }
}
