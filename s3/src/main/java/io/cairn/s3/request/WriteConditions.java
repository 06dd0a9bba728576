package io.cairn.s3.request;

import io.cairn.model.ETag;
import io.cairn.model.Precondition;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.Optional;

/** Reads what must hold of an object for a write or a delete to take effect. Stateless. */
public final class WriteConditions {
    private WriteConditions() {}

    /** The precondition of a write: {@code If-None-Match: *} or {@code If-Match}; S3 has no others. */
    static Precondition ofWrite(RequestHead head) {
        Optional<String> noneMatch = head.header("if-none-match");
        if (noneMatch.isPresent()) {
            if (!Conditions.unquoted(noneMatch.get()).equals("*") || head.has("if-match")) {
                throw notImplemented("If-None-Match");
            }
            refuseDates(head);
            return new Precondition.Absent();
        }
        refuseDates(head);
        return ifMatch(head);
    }

    /** The precondition of a delete: {@code If-Match} alone. */
    static Precondition ofDelete(RequestHead head) {
        for (String name : new String[] {"if-none-match", "x-amz-if-match-last-modified-time", "x-amz-if-match-size"}) {
            if (head.has(name)) {
                throw notImplemented(name);
            }
        }
        refuseDates(head);
        return ifMatch(head);
    }

    /** The precondition that a tag stands for; empty text for none. */
    public static Precondition matching(String tag) {
        String text = Conditions.unquoted(tag);
        if (text.equals("*")) {
            return new Precondition.Exists();
        }
        try {
            return new Precondition.Matches(new ETag(text));
        } catch (IllegalArgumentException _) {
            throw Parameters.invalid("If-Match", tag, "The If-Match value is not one entity tag.");
        }
    }

    private static Precondition ifMatch(RequestHead head) {
        return head.header("if-match").map(WriteConditions::matching).orElseGet(Precondition.None::new);
    }

    private static void refuseDates(RequestHead head) {
        if (head.has("if-modified-since")) {
            throw notImplemented("If-Modified-Since");
        }
        if (head.has("if-unmodified-since")) {
            throw notImplemented("If-Unmodified-Since");
        }
    }

    private static S3Exception notImplemented(String header) {
        return new S3Exception(
                        S3Error.NOT_IMPLEMENTED, "A header you provided implies functionality that is not implemented")
                .with("Header", header);
    }
}
