package io.cairn.shards;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveSpace;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of an open drive, put together once at its opening. Immutable. */
record DriveParts(
        DriveIdentity identity,
        Optional<String> mended,
        Disk disk,
        DriveOptions options,
        ShardIndex index,
        SegmentSet segments,
        SpareSegments spares,
        SegmentTail packed,
        WriteQueue queue,
        DriveWriter writer,
        ShardReader reader,
        Presence presence,
        Space room,
        Health health,
        StallWatch stalls,
        Damage damage,
        DriveCounters counters) {
    private static final Logger LOG = LoggerFactory.getLogger(DriveParts.class);

    static DriveParts open(
            Disk disk, String where, DriveOptions options, Supplier<ShardIndex> indexes, Entropy entropy, Clock clock) {
        ShardIndex index = null;
        try {
            IdentityFiles.Found.Known found = identity(disk, where);
            if (!disk.lock(DriveLayout.LOCK)) {
                throw new DriveFault(DriveFault.Kind.BROKEN, "the drive at " + where + " is in use by another process");
            }
            Optional<String> mended = mend(disk, where, found);
            index = indexes.get();
            return assemble(disk, where, found.identity(), mended, options, index, entropy, clock);
        } catch (IOException failure) {
            closeAfter(failure, disk, index);
            throw new DriveFault(
                    disk.readOnly() ? DriveFault.Kind.READ_ONLY : DriveFault.Kind.BROKEN,
                    "the drive at " + where + " cannot be opened: " + failure.getMessage(),
                    failure);
        } catch (RuntimeException failure) {
            closeAfter(failure, disk, index);
            throw failure;
        }
    }

    private static void closeAfter(Exception failure, Disk disk, @org.jspecify.annotations.Nullable ShardIndex index) {
        try {
            if (index != null) {
                index.close();
            }
            disk.close();
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    private static IdentityFiles.Found.Known identity(Disk disk, String where) {
        IdentityFiles.Found found = IdentityFiles.read(disk);
        if (!(found instanceof IdentityFiles.Found.Nothing) && !disk.exists(DriveLayout.SEGMENTS)) {
            throw new DriveFault(DriveFault.Kind.GONE, "the drive at " + where + " has lost its segments directory");
        }
        return switch (found) {
            case IdentityFiles.Found.Known known -> known;
            case IdentityFiles.Found.Nothing _ ->
                throw new DriveFault(DriveFault.Kind.GONE, "there is no drive at " + where);
            case IdentityFiles.Found.Unreadable(String reason) ->
                throw new DriveFault(DriveFault.Kind.BROKEN, "the drive at " + where + ": " + reason);
        };
    }

    private static Optional<String> mend(Disk disk, String where, IdentityFiles.Found.Known found) throws IOException {
        if (found.whole()) {
            return Optional.empty();
        }
        Optional<String> mended = IdentityFiles.mend(disk, found);
        mended.ifPresent(
                words -> LOG.warn("drive {} at {}: {}", found.identity().id(), where, words));
        return mended;
    }

    private static DriveParts assemble(
            Disk disk,
            String where,
            DriveIdentity identity,
            Optional<String> mended,
            DriveOptions options,
            ShardIndex index,
            Entropy entropy,
            Clock clock)
            throws IOException {
        disk.createDirectory(DriveLayout.QUARANTINE);
        Damage damage = new Damage(disk);
        SegmentSet segments = new SegmentSet(disk, options.openFilesMax());
        IndexChange recovered = new Recovery(disk, identity.id(), index, segments, damage).run();
        long session = entropy.nextLong();
        SpareSegments spares =
                new SpareSegments(segments, disk, options.packedSegmentBytes(), identity.id(), session, entropy);
        SegmentTail packed = new SegmentTail(
                Stream.PACKED, disk, segments, spares, options.packedSegmentBytes(), identity.id(), session, entropy);
        SegmentTail bulk = new SegmentTail(
                Stream.BULK, disk, segments, spares, options.bulkSegmentBytes(), identity.id(), session, entropy);
        WriteQueue queue = new WriteQueue(options.queueBytesMax(), options.queueRecordsMax());
        Presence presence = new Presence(disk, where, identity);
        Space room = new Space(disk, options);
        Health health = new Health();
        DriveCounters counters = new DriveCounters(clock);
        StallWatch stalls =
                new StallWatch(identity.id() + " at " + where, options.stallLimit(), queue, health, counters);
        DriveWriter writer = new DriveWriter(
                options, queue, index, segments, packed, bulk, presence, room, health, counters, stalls);
        writer.reclaimRecovered(recovered);
        room.keepReserve();
        ShardReader reader = new ShardReader(identity.id(), index, segments, damage, presence, counters);
        return new DriveParts(
                identity, mended, disk, options, index, segments, spares, packed, queue, writer, reader, presence, room,
                health, stalls, damage, counters);
    }

    /** Looks whether the drive is there, and whether it is still full. */
    void look() {
        stalls.lookBegins();
        try {
            lookAround();
        } finally {
            stalls.lookEnds();
        }
    }

    private void lookAround() {
        if (!presence.intact()) {
            DriveFault _ = health.report(presence.gone());
        } else if (health.isFull() && room.hasRoomFor(options.emergencyBytes())) {
            room.keepReserve();
            health.noLongerFull();
        }
    }

    Compactor compactor(Predicate<WriteRequest> submit) {
        return new Compactor(options, segments, index, disk, damage, counters, submit);
    }

    /** Compacts the segment that pays most; false when none does. */
    boolean compactOne(Predicate<WriteRequest> submit) throws IOException {
        if (health.fatal() != null) {
            return false;
        }
        Compactor compactor = compactor(submit);
        Optional<Segment> victim = compactor.victim();
        if (victim.isEmpty()) {
            return false;
        }
        Optional<WriteRequest.Retire> retire = compactor.start(victim.get()).finish();
        if (retire.isPresent() && submit.test(retire.get())) {
            try {
                Void _ = retire.get().done().join();
            } catch (java.util.concurrent.CompletionException failure) {
                if (failure.getCause() instanceof DriveFault fault) {
                    throw fault;
                }
                throw failure;
            }
        }
        return true;
    }

    DriveSpace space(long capacity, long free) {
        long live = 0;
        long dead = 0;
        long total = 0;
        long shards = 0;
        for (Segment segment : segments.all()) {
            SegmentRow row = segment.row();
            live += row.liveBytes();
            shards += row.liveShards();
            dead += segment.deadBytes();
            total += row.indexedTo() - row.punchedBytes();
        }
        return new DriveSpace(capacity, free, live, dead, total, counters.reclaimedBytes.sum(), shards);
    }

    DriveStats stats() {
        return new DriveStats(
                counters.syncs.sum(),
                counters.syncNanos.sum(),
                counters.batches.sum(),
                counters.requests.sum(),
                counters.writtenBytes.sum(),
                counters.reclaimedBytes.sum(),
                counters.compactions.sum(),
                counters.corruptReads.sum(),
                queue.depth(),
                queue.waitingBytes(),
                damage.count());
    }

    /** After the writer has drained the queue and nobody else is at work. */
    void close() {
        try {
            spares.discard();
            writer.finish();
            index.flush();
        } catch (DriveFault | IOException failure) {
            LOG.warn("drive {} was not closed cleanly; it is checked at its next opening", identity.id(), failure);
        } finally {
            release();
        }
    }

    private void release() {
        try {
            index.close();
            segments.close();
            disk.close();
        } catch (IOException failure) {
            LOG.warn("files of drive {} were not closed", identity.id(), failure);
        }
    }
}
