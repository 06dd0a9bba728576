package io.cairn.s3.request;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one range of bytes that a request asks for. */
public sealed interface ByteRange {
    /** The header as it was sent. */
    String text();

    /** From {@code first} to {@code last}, both included. */
    record Bounded(@Override String text, long first, long last) implements ByteRange {}

    /** From {@code first} to the end. */
    record From(@Override String text, long first) implements ByteRange {}

    /** The last {@code length} bytes. */
    record Suffix(@Override String text, long length) implements ByteRange {}

    /** The bytes of an object that a range selects: {@code length} of them from {@code first} on. */
    record Slice(long first, long length) {}

    Pattern SINGLE = Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

    /** Reads a {@code Range} header; empty for several ranges and for what is no range, which S3 ignores. */
    static Optional<ByteRange> parse(String text) {
        Matcher matcher = SINGLE.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? Optional.empty() : Optional.of(new Suffix(text, Long.parseLong(last)));
        }
        if (last.isEmpty()) {
            return Optional.of(new From(text, Long.parseLong(first)));
        }
        Bounded bounded = new Bounded(text, Long.parseLong(first), Long.parseLong(last));
        return bounded.first <= bounded.last ? Optional.of(bounded) : Optional.empty();
    }

    /** What the range selects of an object of that size; empty when that is nothing. */
    default Optional<Slice> of(long size) {
        return switch (this) {
            case Bounded(var _, long first, long last) -> slice(first, Math.min(last, size - 1), size);
            case From(var _, long first) -> slice(first, size - 1, size);
            case Suffix(var _, long length) ->
                length == 0 ? Optional.empty() : slice(Math.max(0, size - length), size - 1, size);
        };
    }

    private static Optional<Slice> slice(long first, long last, long size) {
        return first >= size ? Optional.empty() : Optional.of(new Slice(first, last - first + 1));
    }
}
