package io.cairn.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A request that gets an S3 error for its answer. Carries the further XML elements that S3 puts into the error
 * document, in order. An expected outcome of untrusted input, thrown often: it has no stack trace. Immutable.
 */
public final class S3Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final S3Error error;
    private final transient SequencedMap<String, String> elements;

    public S3Exception(S3Error error) {
        this(error, error.message());
    }

    public S3Exception(S3Error error, String message) {
        this(error, message, new LinkedHashMap<>());
    }

    private S3Exception(S3Error error, String message, SequencedMap<String, String> elements) {
        super(message, null, false, false);
        this.error = error;
        this.elements = elements;
    }

    /** This error with one more element for its document, such as {@code ActualObjectSize}. */
    public S3Exception with(String element, String value) {
        SequencedMap<String, String> more = new LinkedHashMap<>(elements);
        more.put(element, value);
        return new S3Exception(error, message(), more);
    }

    /** As {@link #with(String, String)} for a number. */
    public S3Exception with(String element, long value) {
        return with(element, Long.toString(value));
    }

    public S3Error error() {
        return error;
    }

    /** The message for the client; never holds a secret. */
    public String message() {
        String message = getMessage();
        return message == null ? error.message() : message;
    }

    /**
     * The further elements of the error document by name, in order. They may echo what the client sent (the canonical
     * request of a failed signature): for the answer, not for logs.
     */
    public SequencedMap<String, String> elements() {
        return Collections.unmodifiableSequencedMap(elements);
    }

    @Override
    public String toString() {
        return error.code() + " (" + error.status() + "): " + message();
    }
}
