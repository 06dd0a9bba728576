package io.cairn.engine;

import io.cairn.base.Clock;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.MetadataView;
import io.cairn.model.Outcome;
import java.util.List;
import java.util.Optional;

/** Buckets: make, find, list, remove. Thread-safe. */
public final class Buckets {
    private final Metadata metadata;
    private final Catalogue catalogue;
    private final Clock clock;

    Buckets(Metadata metadata, Catalogue catalogue, Clock clock) {
        this.metadata = metadata;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /** Makes a bucket. Answers BucketMade or BucketExists. */
    public Outcome create(BucketName name, String owner, String region) {
        Outcome outcome = metadata.apply(new Command.CreateBucket(name, owner, region, clock.now()));
        catalogue.refresh();
        return outcome;
    }

    /** Removes an empty bucket. Answers Done, NoSuchBucket or BucketNotEmpty. */
    public Outcome delete(BucketName name) {
        Outcome outcome = metadata.apply(new Command.DeleteBucket(name));
        catalogue.refresh();
        return outcome;
    }

    public Optional<BucketRow> find(BucketName name) {
        return metadata.view().bucket(name);
    }

    public List<BucketRow> list() {
        return metadata.view().buckets();
    }

    /** Objects and bytes of the bucket. */
    public MetadataView.Usage usage(BucketRow bucket) {
        return metadata.view().usage(bucket);
    }
}
