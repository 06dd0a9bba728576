package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.Command;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.Outcome;
import io.cairn.model.Placement;
import io.cairn.model.ShardStore;
import io.cairn.model.UnavailableFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the drives: takes one that is gone or broken out of the map after a grace, so that its shards are rebuilt
 * elsewhere; takes it back when it returns with its own identity; adds new ones; follows enlarged ones. Every change is
 * a new version of the placement map, and asks the healer for a pass. The watching is done by the thread of its worker;
 * {@link #add} and {@link #retire} may be called by any.
 */
final class DriveKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(DriveKeeper.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final double GROWTH_NOTICED = 1.05;

    private final Metadata metadata;
    private final DriveSet drives;
    private final PlacementMap placement;
    private final DriveOpener opener;
    private final Healer healer;
    private final Catalogue catalogue;
    private final Clock clock;
    private final Duration grace;
    private final Map<DriveId, Long> troubledSince = new HashMap<>();
    private final Map<DriveId, String> broken = new HashMap<>();

    DriveKeeper(
            Metadata metadata,
            DriveSet drives,
            PlacementMap placement,
            DriveOpener opener,
            Healer healer,
            Catalogue catalogue,
            Clock clock,
            Duration grace) {
        this.metadata = metadata;
        this.drives = drives;
        this.placement = placement;
        this.opener = opener;
        this.healer = healer;
        this.catalogue = catalogue;
        this.clock = clock;
        this.grace = grace;
    }

    /** Looks at every drive of the map once. */
    Duration step() {
        for (Placement.Drive known : placement.current().drives()) {
            watch(known);
        }
        return INTERVAL;
    }

    private synchronized void watch(Placement.Drive known) {
        Optional<ShardStore> drive = drives.get(known.id());
        Optional<DriveFault> trouble = drive.flatMap(ShardStore::trouble);
        if (drive.isPresent() && trouble.isEmpty()) {
            settle(known, drive.get());
        } else if (drive.isPresent() && trouble.get().kind() == DriveFault.Kind.FULL) {
            troubledSince.remove(known.id());
        } else if (drive.isPresent() && waits(trouble.get())) {
            takeOutAfterGrace(known, trouble.get().getMessage());
        } else {
            trouble.filter(fault -> fault.kind() == DriveFault.Kind.BROKEN)
                    .ifPresent(fault -> broken.put(known.id(), fault.getMessage()));
            drive.ifPresent(this::close);
            reopen(known);
        }
    }

    /** Troubles that may end by themselves, without the drive being opened again. */
    private static boolean waits(DriveFault trouble) {
        return trouble.kind() == DriveFault.Kind.READ_ONLY || trouble.kind() == DriveFault.Kind.HUNG;
    }

    /** A drive in good health: back into the map if it was out, with its present size. */
    private void settle(Placement.Drive known, ShardStore drive) {
        troubledSince.remove(known.id());
        if (known.state() == Placement.State.OUT) {
            LOG.info("drive {} at {} is back in service", known.id(), known.path());
            change(map -> Topology.withState(map, known.id(), known.path(), Placement.State.IN));
            return;
        }
        long capacity = drive.space().capacity();
        if (capacity > known.weight() * GROWTH_NOTICED) {
            LOG.info(
                    "drive {} at {} has grown from {} to {} bytes", known.id(), known.path(), known.weight(), capacity);
            change(map -> Topology.withWeight(map, known.id(), capacity));
        }
    }

    /**
     * On a thread of its own, because a drive that hangs may never finish; its lock keeps it from being opened twice.
     */
    private void close(ShardStore drive) {
        drives.remove(drive.id());
        Thread.ofPlatform().name("cairn-drive-close").daemon(true).start(() -> {
            try {
                drive.close();
            } catch (DriveFault fault) {
                LOG.debug("closing the broken drive {}: {}", drive.id(), fault.getMessage());
            }
        });
    }

    /** A drive that broke is not trusted again before somebody says so; one that was away is taken back. */
    private void reopen(Placement.Drive known) {
        String fault = broken.get(known.id());
        if (fault != null) {
            takeOutAfterGrace(known, fault);
            return;
        }
        switch (opener.open(Path.of(known.path()))) {
            case DriveOpener.Found.Opened(ShardStore drive)
            when drive.id().equals(known.id()) -> {
                drives.put(drive);
                LOG.info("drive {} at {} was opened again", known.id(), known.path());
                catalogue.refresh();
                healer.wantPass();
            }
            case DriveOpener.Found.Opened(ShardStore other) -> {
                other.close();
                takeOutAfterGrace(known, "its directory holds another drive, " + other.id());
            }
            case DriveOpener.Found.Blank _ ->
                takeOutAfterGrace(
                        known,
                        "its directory is empty: not mounted, or a new disk " + "(then add it with `cairn drive add`)");
            case DriveOpener.Found.Unusable(String reason) -> takeOutAfterGrace(known, reason);
        }
    }

    private void takeOutAfterGrace(Placement.Drive known, String reason) {
        long now = clock.nanos();
        long since = troubledSince.computeIfAbsent(known.id(), _ -> now);
        if (known.state() == Placement.State.IN && now - since >= grace.toNanos()) {
            LOG.warn(
                    "drive {} at {} is out of service: {}; its shards are rebuilt on the others",
                    known.id(),
                    known.path(),
                    reason);
            change(map -> Topology.withState(map, known.id(), known.path(), Placement.State.OUT));
        }
    }

    /**
     * Makes the blank directory into a drive, or takes back one that is already ours, and lets it take part. A drive
     * that takes part already stays as it is.
     *
     * @throws DriveFault when the directory cannot be used
     */
    synchronized ShardStore add(Path directory) {
        Optional<ShardStore> inService = inService(directory);
        if (inService.isPresent()) {
            return inService.get();
        }
        ShardStore drive = switch (opener.open(directory)) {
            case DriveOpener.Found.Opened(ShardStore opened) -> opened;
            case DriveOpener.Found.Blank _ -> opener.format(directory);
            case DriveOpener.Found.Unusable(String reason) ->
                throw new DriveFault(DriveFault.Kind.GONE, "cannot add a drive at " + directory + ": " + reason);
        };
        drives.put(drive);
        broken.remove(drive.id());
        Placement.Drive added = new Placement.Drive(
                drive.id(), directory.toString(), drive.space().capacity(), Placement.State.IN);
        boolean changed = false;
        try {
            change(map -> Topology.withDrive(map, added));
            changed = true;
        } finally {
            if (!changed) {
                close(drive);
            }
        }
        return drive;
    }

    private Optional<ShardStore> inService(Path directory) {
        return placement.current().drives().stream()
                .filter(known -> known.path().equals(directory.toString()) && known.state() == Placement.State.IN)
                .flatMap(known -> drives.get(known.id()).stream())
                .filter(drive -> drive.trouble().isEmpty())
                .findFirst();
    }

    /** Takes a drive that is out of the map for good. False when it is not in the map, or still in service. */
    synchronized boolean retire(DriveId id) {
        boolean out = placement
                .current()
                .drive(id)
                .filter(drive -> drive.state() == Placement.State.OUT)
                .isPresent();
        if (out) {
            change(map -> Topology.withoutDrive(map, id));
        }
        return out;
    }

    private void change(UnaryOperator<Placement> step) {
        Placement next = step.apply(placement.current());
        Outcome outcome = metadata.apply(new Command.PutPlacement(next));
        if (outcome instanceof Outcome.VersionConflict) {
            metadata.view().placement().ifPresent(placement::update);
            throw new UnavailableFault("the placement map was changed by somebody else at the same time");
        }
        placement.update(next);
        catalogue.refresh();
        healer.wantPass();
    }

    /** Where the drives stand, for people and for metrics. */
    List<DriveView> view() {
        return placement.current().drives().stream()
                .map(known -> new DriveView(
                        known,
                        drives.get(known.id()).map(ShardStore::space),
                        drives.get(known.id()).flatMap(ShardStore::trouble).map(Throwable::getMessage),
                        drives.get(known.id()).flatMap(ShardStore::mended)))
                .toList();
    }
}
