package io.cairn.s3;

import io.cairn.engine.ObjectStore;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.Outcome;
import io.cairn.s3.request.BucketSetting;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.xml.CreateBucketConfiguration;
import io.cairn.wire.xml.ListBuckets;
import io.cairn.wire.xml.LocationConstraint;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Requests about buckets themselves. Thread-safe. */
final class BucketOperations {
    private final ObjectStore store;
    private final S3Options options;
    private final BucketLookup lookup;

    BucketOperations(ObjectStore store, S3Options options, BucketLookup lookup) {
        this.store = store;
        this.options = options;
        this.lookup = lookup;
    }

    void list(Call call, S3Request.ListBuckets request) {
        List<BucketRow> after = store.buckets().list().stream()
                .sorted(Comparator.comparing(BucketRow::name))
                .filter(bucket -> bucket.name().value().startsWith(request.prefix()))
                .filter(bucket -> bucket.name().value().compareTo(request.after()) > 0)
                .toList();
        boolean truncated = after.size() > request.limit();
        List<BucketRow> page = truncated ? after.subList(0, request.limit()) : after;
        call.document(new ListBuckets(
                Account.OWNER,
                page.stream().map(BucketOperations::listed).toList(),
                Optional.of(request.prefix()).filter(prefix -> !prefix.isEmpty()),
                truncated ? Optional.of(page.getLast().name().value()) : Optional.empty()));
    }

    private static ListBuckets.Bucket listed(BucketRow bucket) {
        return new ListBuckets.Bucket(bucket.name().value(), bucket.created(), Optional.of(bucket.region()));
    }

    /** Any region may be asked for; it is remembered and means nothing more. */
    void create(Call call, S3Request.CreateBucket request) throws IOException {
        byte[] document = call.document(CreateBucketConfiguration.BYTES_MAX);
        String region =
                CreateBucketConfiguration.parse(document).locationConstraint().orElse(options.region());
        BucketName name =
                new BucketName(io.cairn.wire.BucketName.require(request.bucket().value()));
        Outcome outcome = store.buckets().create(name, Account.ID, region);
        if (!(outcome instanceof Outcome.BucketMade)) {
            throw Refused.by(outcome).with("BucketName", name.value());
        }
        call.empty(200, call.headers().add("Location", "/" + name.value()));
    }

    void head(Call call, S3Request.HeadBucket request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        call.empty(200, call.headers().add("x-amz-bucket-region", bucket.region()));
    }

    void delete(Call call, S3Request.DeleteBucket request) {
        lookup.existing(call, request.bucket());
        Outcome outcome = store.buckets().delete(request.bucket());
        if (!(outcome instanceof Outcome.Done)) {
            throw Refused.by(outcome).with("BucketName", request.bucket().value());
        }
        call.empty(204);
    }

    void setting(Call call, S3Request.GetBucketSetting request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        if (request.setting() == BucketSetting.LOCATION) {
            call.document(new LocationConstraint(bucket.region()));
            return;
        }
        if (request.setting() == BucketSetting.ACL) {
            call.document(Account.ACL);
            return;
        }
        switch (request.setting().unset()) {
            case BucketSetting.Unset.Document(String xml) -> call.document(xml);
            case BucketSetting.Unset.Error(S3Error error) ->
                throw new S3Exception(error).with("BucketName", request.bucket().value());
        }
    }

    /** No setting can have been set, so that there is nothing to delete, which S3 answers with success. */
    void deleteSetting(Call call, S3Request.DeleteBucketSetting request) {
        lookup.existing(call, request.bucket());
        boolean unknown = request.setting().unset() instanceof BucketSetting.Unset.Error(S3Error error)
                && error == S3Error.NOT_IMPLEMENTED;
        if (unknown || request.setting().unset() instanceof BucketSetting.Unset.Document) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED, request.operation() + " is not implemented.");
        }
        call.empty(204);
    }
}
