package io.cairn.engine;

import io.cairn.model.BlobId;
import io.cairn.model.DriveId;
import io.cairn.model.Placement;
import io.cairn.model.Redundancy;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The placement map in force on this node, and the choice of a group for a new blob: a group whose drives all take
 * writes, if there is one. Thread-safe.
 */
final class PlacementMap {
    private final AtomicReference<Placement> current;
    private final DriveSet drives;

    PlacementMap(Placement placement, DriveSet drives) {
        this.current = new AtomicReference<>(placement);
        this.drives = drives;
    }

    Placement current() {
        return current.get();
    }

    /** Takes over a newer map; an older one is ignored. */
    void update(Placement placement) {
        current.updateAndGet(known -> known.version() >= placement.version() ? known : placement);
    }

    Redundancy redundancy(boolean small) {
        Placement placement = current.get();
        return small ? placement.small() : placement.large();
    }

    /**
     * What the redundancy that a blob was written with means now: a blob in copies follows the map when that asks for
     * more, which is how a store that grew from one drive gets its other copies.
     */
    Redundancy effective(Redundancy written) {
        return switch (written) {
            case Redundancy.Erasure _ -> written;
            case Redundancy.Copies(int count) ->
                current.get().small() instanceof Redundancy.Copies(int wanted) && wanted > count
                        ? new Redundancy.Copies(wanted)
                        : written;
        };
    }

    /** The drives of the group in the order of its shards, for a blob written with the given redundancy. */
    List<DriveId> drives(int group, Redundancy written) {
        List<List<DriveId>> groups = current.get().groups();
        List<DriveId> all = groups.get(group % groups.size());
        return all.subList(0, Math.min(effective(written).width(), all.size()));
    }

    /** A layout for a new blob. */
    StripeWriter.Layout layout(BlobId blob, Redundancy redundancy) {
        int groups = current.get().groups().size();
        int first = (int) Long.remainderUnsigned(Rendezvous.mix(blob.value()), groups);
        for (int i = 0; i < groups; i++) {
            int group = (first + i) % groups;
            List<DriveId> members = drives(group, redundancy);
            if (members.size() == redundancy.width() && members.stream().allMatch(drives::writable)) {
                return new StripeWriter.Layout(blob, redundancy, group, members);
            }
        }
        return new StripeWriter.Layout(blob, redundancy, first, drives(first, redundancy));
    }
}
