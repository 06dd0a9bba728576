package io.cairn.s3;

import io.cairn.engine.ObjectStore;
import io.cairn.http.HeaderList;
import io.cairn.model.BucketName;
import io.cairn.model.ETag;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.s3.request.AttributeChoice;
import io.cairn.s3.request.AttributeChoice.Attribute;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.Timestamps;
import io.cairn.wire.xml.ObjectAttributes;
import java.util.List;
import java.util.Optional;

/** What can be asked about an object beside its content and headers. Thread-safe. */
final class ObjectAttributeReads {
    private static final String NO_TAGS =
            "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet/></Tagging>";

    private final ObjectStore store;
    private final BucketLookup lookup;

    ObjectAttributeReads(ObjectStore store, BucketLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    void attributes(Call call, S3Request.GetObjectAttributes request) {
        ObjectRow row = find(call, request.bucket(), request.key());
        AttributeChoice choice = request.choice();
        boolean parts = choice.attributes().contains(Attribute.OBJECT_PARTS) && row.multipart();
        HeaderList.Builder headers = call.headers().add("Last-Modified", Timestamps.http(row.modified()));
        call.document(
                headers,
                new ObjectAttributes(
                        wanted(choice, Attribute.ETAG, Optional.of(row.etag()).map(ETag::value)),
                        wanted(
                                choice,
                                Attribute.CHECKSUM,
                                row.checksum()
                                        .map(sum -> ShownChecksum.of(
                                                sum, row.parts().size()))),
                        parts ? Optional.of(parts(row, choice)) : Optional.empty(),
                        wanted(choice, Attribute.STORAGE_CLASS, Optional.of("STANDARD")),
                        wanted(choice, Attribute.OBJECT_SIZE, Optional.of(row.size()))));
    }

    private static <T> Optional<T> wanted(AttributeChoice choice, Attribute attribute, Optional<T> value) {
        return choice.attributes().contains(attribute) ? value : Optional.empty();
    }

    private static ObjectAttributes.Parts parts(ObjectRow row, AttributeChoice choice) {
        List<ObjectAttributes.Part> listed = row.checksum().isEmpty()
                ? List.of()
                : row.parts().stream()
                        .filter(part -> part.number() > choice.after())
                        .map(ObjectAttributeReads::part)
                        .toList();
        boolean truncated = listed.size() > choice.limit();
        List<ObjectAttributes.Part> page = truncated ? listed.subList(0, choice.limit()) : listed;
        int next = page.isEmpty() ? 0 : page.getLast().number();
        return new ObjectAttributes.Parts(row.parts().size(), choice.after(), next, choice.limit(), truncated, page);
    }

    private static ObjectAttributes.Part part(ObjectPart part) {
        return new ObjectAttributes.Part(
                part.number(), part.size(), part.checksum().map(ShownChecksum::ofPart));
    }

    void acl(Call call, S3Request.GetObjectAcl request) {
        find(call, request.bucket(), request.key());
        call.document(Account.ACL);
    }

    void tagging(Call call, S3Request.GetObjectTagging request) {
        find(call, request.bucket(), request.key());
        call.document(NO_TAGS);
    }

    /** Legal hold and retention: no bucket has object lock. */
    void lock(Call call, S3Request.OnObject request) {
        find(call, request.bucket(), request.key());
        throw new S3Exception(S3Error.INVALID_REQUEST, "Bucket is missing Object Lock Configuration");
    }

    private ObjectRow find(Call call, BucketName bucket, ObjectKey key) {
        return store.objects()
                .find(lookup.existing(call, bucket), key)
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_KEY).with("Key", key.value()));
    }
}
