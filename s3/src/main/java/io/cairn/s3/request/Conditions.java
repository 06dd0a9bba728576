package io.cairn.s3.request;

import io.cairn.model.ETag;
import io.cairn.wire.Timestamps;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The conditions of a read, evaluated in the order of RFC 9110 §13.2.2: the tag conditions go before the date that they
 * make meaningless. A tag list is kept as it was sent.
 */
public record Conditions(
        Optional<String> ifMatch,
        Optional<String> ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince) {
    /** What the conditions say of an object. */
    public sealed interface Verdict {
        record Holds() implements Verdict {}

        record NotModified() implements Verdict {}

        /** @param condition the header that failed */
        record Failed(String condition) implements Verdict {}
    }

    /** Reads the four headers behind the prefix; dates that cannot be read are ignored, as RFC 9110 has it. */
    static Conditions of(RequestHead head, String prefix) {
        return new Conditions(
                head.header(prefix + "if-match"),
                head.header(prefix + "if-none-match"),
                head.header(prefix + "if-modified-since").flatMap(Timestamps::parse),
                head.header(prefix + "if-unmodified-since").flatMap(Timestamps::parse));
    }

    /** Evaluates the conditions on an object; dates count in whole seconds, as headers show them. */
    public Verdict of(ETag etag, Instant modified) {
        Instant second = modified.truncatedTo(ChronoUnit.SECONDS);
        if (ifMatch.isPresent()) {
            if (!lists(ifMatch.get(), etag)) {
                return new Verdict.Failed("If-Match");
            }
        } else if (ifUnmodifiedSince.isPresent() && second.isAfter(ifUnmodifiedSince.get())) {
            return new Verdict.Failed("If-Unmodified-Since");
        }
        if (ifNoneMatch.isPresent()) {
            return lists(ifNoneMatch.get(), etag) ? new Verdict.NotModified() : new Verdict.Holds();
        }
        boolean old = ifModifiedSince.isPresent() && !second.isAfter(ifModifiedSince.get());
        return old ? new Verdict.NotModified() : new Verdict.Holds();
    }

    /** Whether a list of tags, with or without quotes, names this one; {@code *} names all. */
    static boolean lists(String list, ETag etag) {
        for (String item : list.split(",")) {
            String tag = unquoted(item);
            if (tag.equals("*") || tag.equals(etag.value())) {
                return true;
            }
        }
        return false;
    }

    /** A tag without white space, weakness mark and quotes. */
    static String unquoted(String tag) {
        String text = tag.strip();
        if (text.startsWith("W/")) {
            text = text.substring(2);
        }
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
