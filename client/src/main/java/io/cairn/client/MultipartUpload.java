package io.cairn.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An object that is sent in parts of at least 5 MiB, but for the last one, in their order. Shows only when it is
 * completed; what is not completed keeps space until it is aborted. One thread.
 */
public final class MultipartUpload implements AutoCloseable {
    private final Bucket bucket;
    private final String key;
    private final String id;
    private final List<String> etags = new ArrayList<>();
    private boolean open = true;

    MultipartUpload(Bucket bucket, String key, String id) {
        this.bucket = bucket;
        this.key = key;
        this.id = id;
    }

    /** Sends the next part. */
    public void part(Body body) {
        Request request = Request.of("PUT", bucket.name(), key)
                .with("partNumber", Integer.toString(etags.size() + 1))
                .with("uploadId", id)
                .body(body);
        switch (bucket.client().send(request)) {
            case Answer answer -> {
                try (answer) {
                    etags.add(answer.header("etag").map(ObjectHead::unquoted).orElse(""));
                }
            }
            case S3Said said -> throw Bucket.unexpected(request, said);
        }
    }

    /** Makes the object of its parts. */
    public Put.Stored complete() {
        Body document = Bucket.text(Documents.complete(etags));
        Request request = Request.of("POST", bucket.name(), key)
                .with("uploadId", id)
                .header("Content-Type", "application/xml")
                .body(document);
        Put.Stored stored = switch (bucket.client().send(request)) {
            case Answer answer -> done(answer);
            case S3Said said when said.is("NoSuchUpload") && said.tries() > 1 -> found(said);
            case S3Said said -> throw Bucket.unexpected(request, said);
        };
        open = false;
        return stored;
    }

    /** An answer of 200 may still be an error: servers answer before they are done. */
    private Put.Stored done(Answer answer) {
        try (answer) {
            var document = answer.document();
            if (!document.name().equals("CompleteMultipartUploadResult")) {
                throw new S3Fault.Unreachable("the parts of " + key + " in " + bucket.place()
                        + " could not be put together: "
                        + document.childText("Code").orElse("no reason given")
                        + ". Try again later");
            }
            return new Put.Stored(
                    document.childText("ETag").map(ObjectHead::unquoted).orElse(""),
                    answer.header("x-amz-version-id").orElse(""),
                    answer.tries());
        } catch (java.io.IOException cut) {
            throw new S3Fault.Unreachable(
                    "it is not known whether the parts of " + key + " in " + bucket.place() + " were put together: "
                            + cut.getMessage() + ". Look whether the object is there",
                    cut);
        }
    }

    /** An earlier try was done, and its answer lost. */
    private Put.Stored found(S3Said said) {
        return bucket.head(key, Optional.empty())
                .map(head -> new Put.Stored(head.etag(), head.version(), said.tries()))
                .orElseThrow(() -> Bucket.unexpected("completing " + key, said));
    }

    /** Gives the space of an upload that was not completed back. */
    @Override
    public void close() {
        if (open) {
            open = false;
            switch (bucket.client()
                    .send(Request.of("DELETE", bucket.name(), key).with("uploadId", id))) {
                case Answer answer -> answer.close();
                case S3Said _ -> {}
            }
        }
    }
}
