package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.model.Command;
import io.cairn.model.CommandLog;
import io.cairn.model.DriveId;
import io.cairn.model.LogStatus;
import io.cairn.model.MetadataView;
import io.cairn.model.Outcome;
import io.cairn.model.Placement;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardStore;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The object store of this node: what the faces stand on. Wires the parts of the engine and owns their background
 * workers. Does not own the drives' directories or the log: whoever opened those closes the log after this.
 * Thread-safe.
 */
public final class ObjectStore implements AutoCloseable {
    private final Metadata metadata;
    private final DriveSet drives;
    private final Buckets buckets;
    private final Objects objects;
    private final Uploads uploads;
    private final Users users;
    private final DriveKeeper keeper;
    private final Healer healer;
    private final Scrubber scrubber;
    private final StripeBuffers buffers;
    private final OrphanSearch orphans;
    private final PlacementMap placement;
    private final List<Worker> workers;

    private ObjectStore(Setup setup) {
        Clock clock = setup.clock;
        EngineOptions options = setup.options;
        metadata = new Metadata(setup.log);
        // Taking the lease waits for the log's first leader; only then can the metadata be read.
        Lease lease = new Lease(metadata, setup.gateway, clock);
        drives = new DriveSet(setup.drives.values(), options.readPatience(), clock);
        Catalogue catalogue = new Catalogue(metadata, drives);
        placement = new PlacementMap(placement(setup), drives);
        StripeWriter stripes = new StripeWriter(drives);
        BlobEraser eraser = new BlobEraser(drives);
        buffers = new StripeBuffers(options);
        BlobWriter writer = new BlobWriter(options, buffers, placement, stripes, lease, eraser);
        Commits commits = new Commits(metadata, lease, eraser);
        AtomicReference<Healer> healing = new AtomicReference<>();
        ShardReader shards = new ShardReader(
                drives, placement, stripes, blob -> healing.get().report(blob));
        OpenBlobs open = new OpenBlobs();
        BlobRepair repair = new BlobRepair(drives, placement, shards, open);
        healer = new Healer(metadata, repair, drives, placement, clock);
        healing.set(healer);
        scrubber = new Scrubber(metadata, repair, clock, options.scrubBytesPerSecond());
        keeper = new DriveKeeper(
                metadata, drives, placement, setup.opener, healer, catalogue, clock, options.lostDriveGrace());
        buckets = new Buckets(metadata, catalogue, clock);
        objects = new Objects(metadata, writer, commits, shards, new ReadBuffers(), open, clock);
        uploads = new Uploads(metadata, writer, commits, clock, setup.entropy);
        users = new Users(metadata, catalogue);
        orphans = new OrphanSearch(metadata, drives, lease);
        catalogue.refresh();
        Reclaimer reclaimer = new Reclaimer(metadata, open, eraser, drives, placement);
        workers = List.of(
                Worker.start("reclaimer", _ -> reclaimer.step()),
                Worker.start("healer", healer::step),
                Worker.start("scrubber", scrubber::step),
                Worker.start("drive-keeper", _ -> keeper.step()));
    }

    /**
     * What a store is opened with.
     *
     * @param gateway the name of this node towards the metadata, the same at every start
     * @param drives the open drives by directory; at the first start all of them
     * @param redundancy what was asked for at the first start, else empty
     */
    public record Setup(
            EngineOptions options,
            CommandLog log,
            String gateway,
            Map<Path, ShardStore> drives,
            DriveOpener opener,
            Optional<Redundancy> redundancy,
            Clock clock,
            Entropy entropy) {}

    /** Opens the store; at the first start the placement map is made from the drives. */
    public static ObjectStore open(Setup setup) {
        return new ObjectStore(setup);
    }

    /** The placement map that is in force, or the first one made from the drives. */
    private Placement placement(Setup setup) {
        Optional<Placement> known = metadata.view().placement();
        if (known.isPresent()) {
            return known.get();
        }
        Placement first = firstPlacement(setup.drives, setup.redundancy);
        Outcome outcome = metadata.apply(new Command.PutPlacement(first));
        if (!(outcome instanceof Outcome.Done)) {
            throw new IllegalStateException("the first placement map was answered with " + outcome);
        }
        return first;
    }

    /** The map of a new node with these drives. */
    public static Placement firstPlacement(Map<Path, ShardStore> drives, Optional<Redundancy> redundancy) {
        List<Placement.Drive> members = drives.entrySet().stream()
                .map(entry -> new Placement.Drive(
                        entry.getValue().id(),
                        entry.getKey().toString(),
                        entry.getValue().space().capacity(),
                        Placement.State.IN))
                .toList();
        Redundancy.Copies copies = Topology.copiesFor(members.size());
        Redundancy large = redundancy.orElse(copies);
        Redundancy small = large instanceof Redundancy.Copies ? large : StripeWriter.sealCopies(large);
        return Topology.first(members, small, large);
    }

    public Buckets buckets() {
        return buckets;
    }

    public Objects objects() {
        return objects;
    }

    public Uploads uploads() {
        return uploads;
    }

    public Users users() {
        return users;
    }

    /** Every drive of the map, open or not. */
    public List<DriveView> drives() {
        return keeper.view();
    }

    /** Makes a blank directory into a drive and lets it take part, or takes a former drive back. */
    public DriveId addDrive(Path directory) {
        return keeper.add(directory).id();
    }

    /** Takes a drive that is out of service off the map; false when there is no such drive. */
    public boolean retireDrive(DriveId drive) {
        return keeper.retire(drive);
    }

    /**
     * Looks for shards that no row refers to, and gives their space back when told to. Reads every drive's segments.
     */
    public OrphanReport orphans(boolean release) {
        synchronized (orphans) {
            return orphans.run(release);
        }
    }

    /** The placement map that is in force, also while the metadata is not available. */
    public Placement placement() {
        return placement.current();
    }

    public LogStatus logStatus() {
        return metadata.log().status();
    }

    public MetadataView.Usage usage() {
        return metadata.view().usage();
    }

    public HealStatus healing() {
        return healer.status();
    }

    public ScrubStatus scrubbing() {
        return scrubber.status();
    }

    /** How many entries wait for repair, up to {@code limit}. */
    public int repairsWaiting(int limit) {
        return metadata.view().repairs(0, limit).size();
    }

    /** How many entries wait for reclaim, up to {@code limit}. */
    public int reclaimsWaiting(int limit) {
        return metadata.view().reclaims(0, limit).size();
    }

    /** The memory that uploads hold now, in bytes. */
    public long uploadMemoryTaken() {
        return buffers.takenBytes();
    }

    /** Stops the workers, then closes the drives. */
    @Override
    public void close() {
        workers.forEach(Worker::close);
        drives.all().forEach(ShardStore::close);
    }

    /** The drives that are open now. */
    Collection<ShardStore> openDrives() {
        return drives.all();
    }
}
