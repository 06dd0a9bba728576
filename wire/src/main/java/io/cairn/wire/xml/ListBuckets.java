package io.cairn.wire.xml;

import io.cairn.wire.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The result of ListBuckets; with a continuation token when there are more. */
public record ListBuckets(
        Owner owner, List<Bucket> buckets, Optional<String> prefix, Optional<String> continuationToken)
        implements XmlDocument {
    /** A bucket in the list. */
    public record Bucket(String name, Instant created, Optional<String> region) {}

    public ListBuckets {
        buckets = List.copyOf(buckets);
    }

    @Override
    public void writeTo(XmlWriter out) {
        out.root("ListAllMyBucketsResult");
        owner.writeTo(out, "Owner");
        out.open("Buckets");
        for (Bucket bucket : buckets) {
            out.open("Bucket").element("Name", bucket.name());
            out.element("CreationDate", Timestamps.iso(bucket.created())).optional("BucketRegion", bucket.region());
            out.close("Bucket");
        }
        out.close("Buckets").optional("Prefix", prefix).optional("ContinuationToken", continuationToken);
        out.close("ListAllMyBucketsResult");
    }
}
