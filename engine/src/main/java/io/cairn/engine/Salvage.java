package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.CatalogueCodec;
import io.cairn.model.Command;
import io.cairn.model.CommandLog;
import io.cairn.model.LabelCodec;
import io.cairn.model.LabelledShard;
import io.cairn.model.MetadataView;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.Placement;
import io.cairn.model.Precondition;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardLabel;
import io.cairn.model.ShardStore;
import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the metadata from the drives alone, into an empty log: every sealed label is an object's row; they are put
 * in the order of their blob ids, so that the last written of a key ends up current. Rows of which a stripe cannot be
 * read any more are brought back too and reported, because a drive that is missing now may return. Used once, by one
 * thread, which has helpers.
 */
public final class Salvage {
    private static final String GATEWAY = "salvage";
    private static final int LANES = 256;
    private static final int LANE_LENGTH = 16;
    private static final int PROGRESS = 50_000;

    private final Metadata metadata;
    private final List<ShardStore> drives;
    private final Clock clock;
    private final Map<String, BucketRow> buckets = new HashMap<>();
    private final Set<BlobId> parts = new HashSet<>();
    private long highestEpoch;
    private long partsUsed;
    private long replaced;
    private long unreadableLabels;
    private long incomplete;

    /**
     * What salvage came to.
     *
     * @param objects rows that were brought back and are current
     * @param replaced older rows of the same keys, whose space is given back
     * @param unfinishedParts parts of uploads that no finished object uses; kept on the drives
     * @param incomplete objects of which not enough shards were found on these drives
     * @param damagedLabels shards whose label could not be read
     */
    public record Report(
            long buckets,
            long users,
            long objects,
            long replaced,
            long unfinishedParts,
            long incomplete,
            long damagedLabels) {}

    /** @param log an empty command log over an empty state */
    public Salvage(CommandLog log, List<? extends ShardStore> drives, Clock clock) {
        this.metadata = new Metadata(log);
        this.drives = List.copyOf(drives);
        this.clock = clock;
    }

    /** Rebuilds everything; {@code progress} is told of each step in words. */
    public Report run(Placement fallback, Consumer<String> progress) {
        CatalogueCodec.Content catalogue = bestCatalogue(progress);
        TreeMap<BlobId, Sealed> seals = new TreeMap<>();
        for (ShardStore drive : drives) {
            progress.accept("reading drive " + drive.id());
            drive.scan(shard -> collect(drive, shard, seals));
        }
        long highest = seals.isEmpty() ? 0 : seals.lastKey().epoch();
        long floor = Math.max(highest, highestEpoch);
        require(new Command.RaiseEpoch(floor));
        putPlacement(catalogue.placement().orElse(fallback));
        catalogue.buckets().forEach(this::bringBack);
        catalogue.users().forEach(user -> require(new Command.PutUser(user)));
        long epoch = acquireLease();
        progress.accept("bringing back " + seals.size() + " sealed rows");
        bringBack(seals.values(), epoch, progress);
        MetadataView.Usage usage = metadata.view().usage();
        return new Report(
                metadata.view().buckets().size(),
                catalogue.users().size(),
                usage.objects(),
                replaced,
                parts.size() - partsUsed,
                incomplete,
                unreadableLabels);
    }

    /** Where the row of an object lies; rows of one object key go down the same lane. */
    private record Sealed(ShardStore drive, ShardKey key, int lane) {}

    /**
     * Many rows at once, so that they share the syncs of the log, but those of one object key one after another, in the
     * order of their blobs.
     */
    private void bringBack(Collection<Sealed> seals, long epoch, Consumer<String> progress) {
        List<BlockingQueue<Optional<Sealed>>> lanes = new ArrayList<>();
        List<Future<?>> ends = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < LANES; i++) {
                BlockingQueue<Optional<Sealed>> lane = new ArrayBlockingQueue<>(LANE_LENGTH);
                lanes.add(lane);
                ends.add(threads.submit(() -> walk(lane, epoch)));
            }
            long done = 0;
            for (Sealed sealed : seals) {
                offer(lanes.get(sealed.lane()), Optional.of(sealed), ends.get(sealed.lane()));
                if (++done % PROGRESS == 0) {
                    progress.accept(done + " of " + seals.size() + " rows");
                }
            }
            for (int i = 0; i < LANES; i++) {
                offer(lanes.get(i), Optional.empty(), ends.get(i));
            }
            for (Future<?> end : ends) {
                Object _ = end.get();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableFault("interrupted while rows were brought back", interrupted);
        }
    }

    /** Puts the row into its lane; a lane that has failed takes none, and its failure comes out at the end. */
    private static void offer(BlockingQueue<Optional<Sealed>> lane, Optional<Sealed> row, Future<?> end)
            throws InterruptedException {
        boolean taken = false;
        while (!taken && !end.isDone()) {
            taken = lane.offer(row, 1, TimeUnit.SECONDS);
        }
    }

    private boolean walk(BlockingQueue<Optional<Sealed>> lane, long epoch) throws InterruptedException {
        Optional<Sealed> next = lane.take();
        while (next.isPresent()) {
            bringBack(next.get(), epoch);
            next = lane.take();
        }
        return true;
    }

    private void collect(ShardStore drive, LabelledShard shard, Map<BlobId, Sealed> seals) {
        ShardKey key = shard.info().key();
        highestEpoch = Math.max(highestEpoch, key.blob().epoch());
        if (key.stripe() != 0 && key.stripe() != ShardKey.SEAL) {
            return;
        }
        try {
            switch (LabelCodec.decode(shard.label())) {
                case ShardLabel.Sealed sealed ->
                    seals.putIfAbsent(
                            key.blob(),
                            new Sealed(
                                    drive,
                                    key,
                                    Math.floorMod(
                                            sealed.key().hashCode()
                                                    + sealed.bucket().hashCode(),
                                            LANES)));
                case ShardLabel.SealedPart _ -> {
                    parts.add(key.blob());
                }
                case ShardLabel.Stripe _ -> {}
            }
        } catch (StorageFault damaged) {
            unreadableLabels++;
        }
    }

    private void bringBack(BucketRow bucket) {
        Outcome outcome = metadata.apply(
                new Command.CreateBucket(bucket.name(), bucket.owner(), bucket.region(), bucket.created()));
        if (outcome instanceof Outcome.BucketMade) {
            metadata.view()
                    .bucket(bucket.name())
                    .ifPresent(made -> buckets.put(made.name().value(), made));
        }
    }

    private void bringBack(Sealed from, long epoch) {
        if (label(from) instanceof ShardLabel.Sealed found) {
            BucketRow bucket = bucketOf(found);
            ObjectRow row = found.row();
            Outcome outcome = metadata.apply(
                    new Command.PutObject(bucket.name(), bucket.id(), epoch, row, new Precondition.None(), List.of()));
            if (!(outcome instanceof Outcome.Stored(var before))) {
                throw new IllegalStateException("salvage: the row of " + row.key() + " was answered with " + outcome);
            }
            count(row, before.isPresent(), complete(row));
        } else {
            unreadableLabel();
        }
    }

    private synchronized void count(ObjectRow row, boolean replacing, boolean complete) {
        replaced += replacing ? 1 : 0;
        row.parts().forEach(part -> partsUsed += parts.contains(part.blob().id()) ? 1 : 0);
        incomplete += complete ? 0 : 1;
    }

    private synchronized void unreadableLabel() {
        unreadableLabels++;
    }

    /** The label as it was met by the scan; any other drive's copy of it is as good. */
    private @Nullable ShardLabel label(Sealed from) {
        List<ShardStore> order = new ArrayList<>(drives);
        order.remove(from.drive());
        order.addFirst(from.drive());
        for (ShardStore drive : order) {
            try {
                Optional<byte[]> label = drive.label(from.key());
                if (label.isPresent()) {
                    return LabelCodec.decode(label.get());
                }
            } catch (StorageFault damaged) {
                continue;
            }
        }
        return null;
    }

    private synchronized BucketRow bucketOf(ShardLabel.Sealed label) {
        BucketName name = label.bucket();
        if (!buckets.containsKey(name.value())) {
            bringBack(new BucketRow(name, 0, label.bucketCreated(), "", ""));
        }
        return java.util.Objects.requireNonNull(buckets.get(name.value()));
    }

    private boolean complete(ObjectRow row) {
        return row.parts().stream().allMatch(part -> complete(part.blob()));
    }

    private boolean complete(BlobRef blob) {
        for (int stripe = 0; stripe < blob.stripes(); stripe++) {
            int found = 0;
            // Copies all have the index 0.
            int shards = blob.redundancy() instanceof Redundancy.Copies
                    ? 1
                    : blob.redundancy().width();
            for (int index = 0; index < shards; index++) {
                ShardKey key = new ShardKey(blob.id(), stripe, index);
                found += drives.stream().anyMatch(drive -> drive.find(key).isPresent()) ? 1 : 0;
            }
            if (found < blob.redundancy().needed()) {
                return false;
            }
        }
        return true;
    }

    private CatalogueCodec.Content bestCatalogue(Consumer<String> progress) {
        return drives.stream()
                .flatMap(drive -> catalogue(drive, progress).stream())
                .max(Comparator.comparingLong((CatalogueCodec.Content content) ->
                                content.placement().map(Placement::version).orElse(0L))
                        .thenComparingInt(content ->
                                content.buckets().size() + content.users().size()))
                .orElse(new CatalogueCodec.Content(List.of(), List.of(), Optional.empty()));
    }

    /** A damaged catalogue costs what it says; labels and the other drives still tell the rest. */
    private static Optional<CatalogueCodec.Content> catalogue(ShardStore drive, Consumer<String> progress) {
        try {
            return drive.readCatalogue().map(CatalogueCodec::decode);
        } catch (StorageFault damaged) {
            progress.accept("the catalogue of drive " + drive.id() + " is left out: " + damaged.getMessage()
                    + "; if no other drive has one, empty buckets and access keys are lost");
            return Optional.empty();
        }
    }

    /** Twice, because a map that was changed makes the node look at its next start whether every shard is in place. */
    private void putPlacement(Placement placement) {
        for (int version = 1; version <= 2; version++) {
            require(new Command.PutPlacement(new Placement(
                    version, placement.small(), placement.large(), placement.drives(), placement.groups())));
        }
    }

    private long acquireLease() {
        return switch (metadata.apply(new Command.AcquireLease(GATEWAY, clock.now()))) {
            case Outcome.Leased(long epoch) -> epoch;
            case Outcome other -> throw new IllegalStateException("the metadata answered a lease with " + other);
        };
    }

    private void require(Command command) {
        Outcome outcome = metadata.apply(command);
        if (!(outcome instanceof Outcome.Done)) {
            throw new IllegalStateException("salvage: " + command + " was answered with " + outcome);
        }
    }
}
