package io.cairn.s3;

import io.cairn.base.Clock;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.PutResult;
import io.cairn.engine.Uploads;
import io.cairn.http.HeaderList;
import io.cairn.model.BucketRow;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import io.cairn.s3.request.Refusals;
import io.cairn.s3.request.S3Request;
import io.cairn.s3.request.StoredHeaders;
import io.cairn.wire.Address;
import io.cairn.wire.Header;
import io.cairn.wire.Percent;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.form.PostPolicy;
import io.cairn.wire.form.UploadForm;
import io.cairn.wire.payload.ByteSource;
import io.cairn.wire.payload.ChecksumHeaders;
import io.cairn.wire.sigv4.SigV4Signer;
import io.cairn.wire.xml.PostResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** PostObject: an upload from a browser's form, allowed by a policy that an access key has signed. Thread-safe. */
final class FormUploads {
    private final ObjectStore store;
    private final BucketLookup lookup;
    private final Gate gate;
    private final Clock clock;

    FormUploads(ObjectStore store, BucketLookup lookup, Gate gate, Clock clock) {
        this.store = store;
        this.lookup = lookup;
        this.gate = gate;
        this.clock = clock;
    }

    void post(Call call, S3Request.PostObject request) throws IOException {
        UploadForm form = UploadForm.open(request.contentType(), call.rawBody());
        String accessKey = form.authenticate(gate.verifier()).orElseThrow(() -> new S3Exception(S3Error.ACCESS_DENIED));
        call.identified(accessKey);
        PostPolicy policy = PostPolicy.parse(form.field("policy").orElse(""));
        String bucketName = request.bucket().value();
        String name = Address.of(bucketName, form.key()).key().orElseThrow();
        policy.check(form.fields(), bucketName, name, clock.now());
        List<Header> headers = headers(form);
        Refusals.ofWrite(headers);
        BucketRow bucket = lookup.existing(call, request.bucket());
        ByteSource file = form.file(policy.fileBytesMin(), Math.min(policy.fileBytesMax(), Uploads.PART_BYTES_MAX));
        PutResult result = store.objects()
                .put(
                        bucket,
                        new ObjectKey(name),
                        StoredHeaders.of(headers),
                        new Precondition.None(),
                        OptionalLong.empty(),
                        new FormContent(file, ChecksumHeaders.value(headers)));
        switch (result) {
            case PutResult.Stored(ObjectRow row) -> answer(call, form, bucketName, row);
            case PutResult.Refused(Outcome reason) -> throw Refused.by(reason).with("Key", name);
        }
    }

    /** The form's fields as the headers of a PUT; the form calls the access control list by a name of its own. */
    private static List<Header> headers(UploadForm form) {
        List<Header> headers = new ArrayList<>(form.headers());
        form.field("acl").ifPresent(acl -> headers.add(new Header("x-amz-acl", SigV4Signer.headerText(acl))));
        for (Header header : headers) {
            if (header.value().chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f) && isKept(header)) {
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "A field must not hold control characters.")
                        .with("ArgumentName", header.name());
            }
        }
        return headers;
    }

    private static boolean isKept(Header header) {
        return !StoredHeaders.of(List.of(header)).isEmpty();
    }

    private static void answer(Call call, UploadForm form, String bucket, ObjectRow row) {
        String path = call.head().rawPath();
        String parent = path.endsWith("/") ? path : path + "/";
        String location = call.url(parent + Percent.encodeKey(row.key().value()));
        HeaderList.Builder headers =
                call.headers().add("ETag", row.etag().quoted()).add("Location", location);
        String redirect = form.field("success_action_redirect")
                .or(() -> form.field("redirect"))
                .orElse("");
        if (isLink(redirect)) {
            call.empty(303, redirected(call, redirect, bucket, row));
            return;
        }
        switch (form.field("success_action_status").orElse("204")) {
            case "200" -> call.empty(200, headers);
            case "201" ->
                call.xml(
                        201,
                        headers,
                        new PostResponse(
                                        location,
                                        bucket,
                                        row.key().value(),
                                        row.etag().value())
                                .toXml());
            default -> call.empty(204, headers);
        }
    }

    private static HeaderList.Builder redirected(Call call, String redirect, String bucket, ObjectRow row) {
        String query = "bucket=" + Percent.encode(bucket) + "&key="
                + Percent.encode(row.key().value()) + "&etag="
                + Percent.encode(row.etag().quoted());
        String separator = redirect.indexOf('?') < 0 ? "?" : "&";
        return call.headers()
                .add("ETag", row.etag().quoted())
                .add("Location", SigV4Signer.headerText(redirect) + separator + query);
    }

    private static boolean isLink(String text) {
        boolean link = text.startsWith("http://") || text.startsWith("https://");
        return link && text.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
    }
}
