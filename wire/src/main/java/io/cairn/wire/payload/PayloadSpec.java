package io.cairn.wire.payload;

import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.PayloadMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a request's head promises about its body.
 *
 * @param length the bytes of the content itself, without the framing of {@code aws-chunked}, or {@link #UNKNOWN_LENGTH}
 * @param contentMd5 the announced MD5 in base64
 * @param checksum the announced checksum
 */
public record PayloadSpec(
        PayloadMode mode, long length, Optional<String> contentMd5, Optional<DeclaredChecksum> checksum) {
    /** The length of content that ends when its source does. */
    public static final long UNKNOWN_LENGTH = -1;

    private static final String DECODED_LENGTH = "x-amz-decoded-content-length";
    private static final String AWS_CHUNKED = "aws-chunked";
    private static final int LENGTH_DIGITS_MAX = 18;

    /** Reads and checks the headers that describe a body. */
    public static PayloadSpec of(PayloadMode mode, List<Header> headers) {
        boolean trailer = mode instanceof PayloadMode.Chunked chunked && chunked.trailer();
        return new PayloadSpec(
                mode,
                length(mode, headers),
                ChecksumHeaders.contentMd5(headers),
                ChecksumHeaders.ofBody(headers, trailer));
    }

    /** As {@link #of} where {@code x-amz-checksum-*} speaks of an object, not of the body: CompleteMultipartUpload. */
    public static PayloadSpec ofCompletion(PayloadMode mode, List<Header> headers) {
        return new PayloadSpec(mode, length(mode, headers), ChecksumHeaders.contentMd5(headers), Optional.empty());
    }

    /** The file in a browser upload's form, whose fields stand for headers and do not tell its length. */
    public static PayloadSpec ofForm(List<Header> fields) {
        return new PayloadSpec(
                new PayloadMode.Unsigned(),
                UNKNOWN_LENGTH,
                ChecksumHeaders.contentMd5(fields),
                ChecksumHeaders.ofBody(fields, false));
    }

    /** A Content-Encoding without {@code aws-chunked}, which frames the request and is not kept; may be empty. */
    public static String keptContentEncoding(String contentEncoding) {
        return Arrays.stream(contentEncoding.split(","))
                .map(String::strip)
                .filter(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase(AWS_CHUNKED))
                .collect(Collectors.joining(","));
    }

    private static long length(PayloadMode mode, List<Header> headers) {
        String name = mode instanceof PayloadMode.Chunked ? DECODED_LENGTH : "content-length";
        String text = Header.first(headers, name)
                .orElseThrow(() -> new S3Exception(S3Error.MISSING_CONTENT_LENGTH))
                .strip();
        if (text.isEmpty() || text.length() > LENGTH_DIGITS_MAX || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The " + name + " header is not a length.")
                    .with("ArgumentName", name);
        }
        return Long.parseLong(text);
    }
}
