package io.cairn.wire.payload;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The headers by which clients announce checksums, read and checked. Stateless. */
public final class ChecksumHeaders {
    private static final String PREFIX = "x-amz-checksum-";
    private static final String SDK_ALGORITHM = "x-amz-sdk-checksum-algorithm";
    private static final int MD5_LENGTH = 16;

    private ChecksumHeaders() {}

    /** The algorithm that {@code x-amz-checksum-algorithm} asks for (CreateMultipartUpload, CopyObject). */
    public static Optional<ChecksumAlgorithm> algorithm(List<Header> headers) {
        return Header.first(headers, "x-amz-checksum-algorithm").map(ChecksumHeaders::algorithmNamed);
    }

    /** The type that {@code x-amz-checksum-type} asks for. */
    public static Optional<ChecksumType> type(List<Header> headers) {
        return Header.first(headers, "x-amz-checksum-type")
                .map(name -> ChecksumType.named(name.strip())
                        .orElseThrow(() -> invalid("Value for x-amz-checksum-type header is invalid.")));
    }

    /** The one {@code x-amz-checksum-*} value among the headers, its base64 checked for form and length. */
    public static Optional<DeclaredChecksum> value(List<Header> headers) {
        List<DeclaredChecksum> found = new ArrayList<>();
        for (Header header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX) && !isSetting(name)) {
                ChecksumAlgorithm algorithm = ChecksumAlgorithm.named(name.substring(PREFIX.length()))
                        .orElseThrow(() ->
                                invalid("The algorithm type you specified in x-amz-checksum- header is invalid."));
                found.add(new DeclaredChecksum(algorithm, Optional.of(canonical(algorithm, header.value()))));
            }
        }
        if (found.size() > 1) {
            throw invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }
        return found.stream().findFirst();
    }

    /** The checksum that headers or trailing headers announce for this request's body. */
    static Optional<DeclaredChecksum> ofBody(List<Header> headers, boolean trailerFollows) {
        Optional<DeclaredChecksum> value = value(headers);
        Optional<DeclaredChecksum> trailing = trailing(headers, trailerFollows);
        if (value.isPresent() && trailing.isPresent()) {
            throw invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }
        Optional<DeclaredChecksum> declared = value.or(() -> trailing);
        Header.first(headers, SDK_ALGORITHM)
                .map(ChecksumHeaders::algorithmNamed)
                .ifPresent(algorithm -> {
                    if (declared.isEmpty()) {
                        throw invalid("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or"
                                + " x-amz-trailer headers were found.");
                    }
                    if (declared.get().algorithm() != algorithm) {
                        throw invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.");
                    }
                });
        return declared;
    }

    /** The MD5 that {@code Content-MD5} announces, in base64. */
    static Optional<String> contentMd5(List<Header> headers) {
        return Header.first(headers, "content-md5")
                .map(value -> canonical(value, MD5_LENGTH)
                        .orElseThrow(() -> new S3Exception(S3Error.INVALID_DIGEST).with("Content-MD5", value)));
    }

    /** The base64 of a checksum as its algorithm needs it, or {@code InvalidRequest}. */
    static String canonical(ChecksumAlgorithm algorithm, String value) {
        return canonical(value, algorithm.digestLength())
                .orElseThrow(() -> invalid("Value for " + algorithm.header() + " header is invalid."));
    }

    private static Optional<DeclaredChecksum> trailing(List<Header> headers, boolean trailerFollows) {
        Optional<String> names = Header.first(headers, "x-amz-trailer")
                .map(value -> value.strip().toLowerCase(Locale.ROOT));
        if (names.isEmpty() || names.get().isEmpty()) {
            return Optional.empty();
        }
        if (!trailerFollows) {
            throw invalid("x-amz-trailer needs a payload with trailing headers in x-amz-content-sha256.");
        }
        String name = names.get();
        return Optional.of(Arrays.stream(ChecksumAlgorithm.values())
                .filter(algorithm -> algorithm.header().equals(name))
                .map(algorithm -> new DeclaredChecksum(algorithm, Optional.empty()))
                .findFirst()
                .orElseThrow(() -> invalid("The value specified in the x-amz-trailer header is not supported")));
    }

    private static boolean isSetting(String name) {
        return name.equals("x-amz-checksum-algorithm")
                || name.equals("x-amz-checksum-type")
                || name.equals("x-amz-checksum-mode");
    }

    private static ChecksumAlgorithm algorithmNamed(String name) {
        return ChecksumAlgorithm.named(name.strip())
                .orElseThrow(() -> invalid("Checksum algorithm provided is unsupported. Please try again with any of"
                        + " the valid types: " + Arrays.toString(ChecksumAlgorithm.values())));
    }

    private static Optional<String> canonical(String value, int length) {
        String text = value.strip();
        try {
            byte[] digest = Base64.getDecoder().decode(text);
            boolean sound = digest.length == length
                    && Base64.getEncoder().encodeToString(digest).equals(text);
            return sound ? Optional.of(text) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }
}
