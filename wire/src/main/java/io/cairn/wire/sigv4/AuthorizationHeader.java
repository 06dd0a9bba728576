package io.cairn.wire.sigv4;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.List;

/** The parts of {@code Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…}. */
record AuthorizationHeader(String credential, List<String> signedHeaders, String signature) {
    private static final int SIGNED_HEADERS_MAX = 256;

    static AuthorizationHeader parse(String value) {
        if (!value.startsWith(StringToSign.ALGORITHM + " ")) {
            throw unsupported(value);
        }
        String credential = "";
        String signedHeaders = "";
        String signature = "";
        for (int start = StringToSign.ALGORITHM.length(); start < value.length(); ) {
            int end = value.indexOf(',', start);
            end = end < 0 ? value.length() : end;
            String part = value.substring(start, end).strip();
            if (part.startsWith("Credential=")) {
                credential = part.substring("Credential=".length());
            } else if (part.startsWith("SignedHeaders=")) {
                signedHeaders = part.substring("SignedHeaders=".length());
            } else if (part.startsWith("Signature=")) {
                signature = part.substring("Signature=".length());
            }
            start = end + 1;
        }
        requirePresent(credential, "Credential");
        requirePresent(signedHeaders, "SignedHeaders");
        requirePresent(signature, "Signature");
        return new AuthorizationHeader(credential, names(signedHeaders, Malformed.HEADER), signature);
    }

    /** The names of a {@code ;}-separated list. */
    static List<String> names(String list, Malformed malformed) {
        List<String> names = List.of(list.split(";", SIGNED_HEADERS_MAX + 1));
        if (names.size() > SIGNED_HEADERS_MAX) {
            throw malformed.because("too many signed headers.");
        }
        return names;
    }

    private static void requirePresent(String value, String name) {
        if (value.isEmpty()) {
            throw Malformed.HEADER.because(
                    "the authorization header requires three components: Credential, SignedHeaders, and Signature;"
                            + " missing " + name + ".");
        }
    }

    /** The refusal of a signature of another version, such as 2. */
    static S3Exception versionRefused() {
        return new S3Exception(
                S3Error.INVALID_REQUEST,
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    }

    private static S3Exception unsupported(String value) {
        if (value.startsWith("AWS ") || value.startsWith("AWS4-")) {
            return versionRefused();
        }
        return new S3Exception(S3Error.INVALID_ARGUMENT, "Unsupported Authorization Type")
                .with("ArgumentName", "Authorization");
    }
}
