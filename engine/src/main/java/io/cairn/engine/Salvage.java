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
import io.cairn.model.ShardKey;
import io.cairn.model.ShardLabel;
import io.cairn.model.ShardStore;
import io.cairn.model.StorageFault;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Rebuilds the metadata from the drives alone, into an empty log: every sealed label is an object's row; they are put
 * in the order of their blob ids, so that the last written of a key ends up current. Rows of which a stripe cannot be
 * read any more are brought back too and reported, because a drive that is missing now may return. Owned by one thread.
 */
public final class Salvage {
    private static final String GATEWAY = "salvage";

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
        CatalogueCodec.Content catalogue = bestCatalogue();
        TreeMap<BlobId, Sealed> seals = new TreeMap<>();
        for (ShardStore drive : drives) {
            progress.accept("reading drive " + drive.id());
            drive.scan(shard -> collect(drive, shard, seals));
        }
        long highest = seals.isEmpty() ? 0 : seals.lastKey().epoch();
        long floor = Math.max(highest, highestEpoch);
        require(new Command.RaiseEpoch(floor));
        metadata.apply(
                new Command.PutPlacement(firstVersion(catalogue.placement().orElse(fallback))));
        catalogue.buckets().forEach(this::bringBack);
        catalogue.users().forEach(user -> require(new Command.PutUser(user)));
        long epoch = acquireLease();
        progress.accept("bringing back " + seals.size() + " sealed rows");
        seals.forEach((_, found) -> bringBack(found, epoch));
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

    private record Sealed(ShardStore drive, ShardKey key) {}

    private void collect(ShardStore drive, LabelledShard shard, Map<BlobId, Sealed> seals) {
        ShardKey key = shard.info().key();
        highestEpoch = Math.max(highestEpoch, key.blob().epoch());
        if (key.stripe() != 0 && key.stripe() != ShardKey.SEAL) {
            return;
        }
        try {
            switch (LabelCodec.decode(shard.label())) {
                case ShardLabel.Sealed _ -> seals.putIfAbsent(key.blob(), new Sealed(drive, key));
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
        Optional<byte[]> label = from.drive().label(from.key());
        if (label.isPresent() && LabelCodec.decode(label.get()) instanceof ShardLabel.Sealed found) {
            BucketRow bucket = bucketOf(found);
            ObjectRow row = found.row();
            Outcome outcome = metadata.apply(
                    new Command.PutObject(bucket.name(), bucket.id(), epoch, row, new Precondition.None(), List.of()));
            if (outcome instanceof Outcome.Stored(var before)) {
                replaced += before.isPresent() ? 1 : 0;
                row.parts()
                        .forEach(part -> partsUsed += parts.contains(part.blob().id()) ? 1 : 0);
                incomplete += complete(row) ? 0 : 1;
            }
        }
    }

    private BucketRow bucketOf(ShardLabel.Sealed label) {
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
            for (int index = 0; index < blob.redundancy().width(); index++) {
                ShardKey key = new ShardKey(blob.id(), stripe, index);
                found += drives.stream().anyMatch(drive -> drive.find(key).isPresent()) ? 1 : 0;
            }
            if (found < blob.redundancy().needed()) {
                return false;
            }
        }
        return true;
    }

    private CatalogueCodec.Content bestCatalogue() {
        return drives.stream()
                .flatMap(drive -> drive.readCatalogue().stream())
                .map(CatalogueCodec::decode)
                .max(Comparator.comparingLong((CatalogueCodec.Content content) ->
                                content.placement().map(Placement::version).orElse(0L))
                        .thenComparingInt(content ->
                                content.buckets().size() + content.users().size()))
                .orElse(new CatalogueCodec.Content(List.of(), List.of(), Optional.empty()));
    }

    /** The map as the first version of a new log. */
    private static Placement firstVersion(Placement placement) {
        return new Placement(1, placement.small(), placement.large(), placement.drives(), placement.groups());
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
