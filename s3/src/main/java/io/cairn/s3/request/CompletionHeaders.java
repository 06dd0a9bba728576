package io.cairn.s3.request;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.model.StoredChecksum;
import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ChecksumHeaders;
import io.cairn.wire.payload.ChecksumType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the headers that speak of the checksum of a multipart object. Stateless. */
final class CompletionHeaders {
    private static final String SIZE = "x-amz-mp-object-size";
    private static final int DIGITS_MAX = 18;

    private CompletionHeaders() {}

    /** How the parts' checksums are to be put together; checked against what the algorithm can do. */
    static Optional<StoredChecksum.Kind> kind(RequestHead head, Optional<ChecksumAlgorithm> algorithm) {
        Optional<ChecksumType> type = ChecksumHeaders.type(head.headers());
        if (algorithm.isEmpty()) {
            if (type.isPresent()) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return Optional.empty();
        }
        ChecksumType wanted =
                type.orElse(algorithm.get().composite() ? ChecksumType.COMPOSITE : ChecksumType.FULL_OBJECT);
        boolean possible = switch (wanted) {
            case COMPOSITE -> algorithm.get().composite();
            case FULL_OBJECT -> algorithm.get().fullObject();
        };
        if (!possible) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The " + wanted + " checksum type cannot be used with the "
                            + algorithm.get().s3Name() + " checksum algorithm.");
        }
        return Optional.of(kind(wanted));
    }

    /** What the headers of CompleteMultipartUpload say of the whole object. */
    static Completion of(RequestHead head) {
        List<Header> headers = head.headers().stream()
                .map(header -> header.name().regionMatches(true, 0, "x-amz-checksum-", 0, 15)
                        ? new Header(header.name(), withoutCount(header.value()))
                        : header)
                .toList();
        return new Completion(
                ChecksumHeaders.value(headers),
                ChecksumHeaders.type(headers).map(CompletionHeaders::kind),
                head.header(SIZE).map(CompletionHeaders::size).orElse(OptionalLong.empty()));
    }

    /** A composite checksum is written with {@code -} and the number of parts behind it. */
    private static String withoutCount(String value) {
        int dash = value.lastIndexOf('-');
        return dash < 0 ? value : value.substring(0, dash);
    }

    private static StoredChecksum.Kind kind(ChecksumType type) {
        return switch (type) {
            case COMPOSITE -> StoredChecksum.Kind.COMPOSITE;
            case FULL_OBJECT -> StoredChecksum.Kind.FULL_OBJECT;
        };
    }

    private static OptionalLong size(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > DIGITS_MAX || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Parameters.invalid(SIZE, text, "The object size is not a number.");
        }
        return OptionalLong.of(Long.parseLong(digits));
    }
}
