package io.cairn.wire.sigv4;

import io.cairn.wire.Percent;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;

/** How a request's body is protected, as {@code x-amz-content-sha256} says. */
public sealed interface PayloadMode {
    String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    /** The body is sent as it is and no hash of it is signed. */
    record Unsigned() implements PayloadMode {
        @Override
        public String text() {
            return UNSIGNED_PAYLOAD;
        }
    }

    /** The body is sent as it is and has this SHA-256, in lower-case hexadecimal. */
    record Hashed(String sha256Hex) implements PayloadMode {
        @Override
        public String text() {
            return sha256Hex;
        }
    }

    /** The body is sent as {@code aws-chunked}, its chunks signed or not, with or without trailing headers. */
    enum Chunked implements PayloadMode {
        SIGNED("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true, false),
        SIGNED_TRAILER("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", true, true),
        UNSIGNED_TRAILER("STREAMING-UNSIGNED-PAYLOAD-TRAILER", false, true);

        private final String text;
        private final boolean signed;
        private final boolean trailer;

        Chunked(String text, boolean signed, boolean trailer) {
            this.text = text;
            this.signed = signed;
            this.trailer = trailer;
        }

        @Override
        public String text() {
            return text;
        }

        /** Whether each chunk carries a signature. */
        public boolean signed() {
            return signed;
        }

        /** Whether headers follow the last chunk. */
        public boolean trailer() {
            return trailer;
        }
    }

    /** The value of {@code x-amz-content-sha256} that asks for this. */
    String text();

    /** Reads a value of {@code x-amz-content-sha256}. */
    static PayloadMode parse(String text) {
        return switch (text) {
            case UNSIGNED_PAYLOAD -> new Unsigned();
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> Chunked.SIGNED;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> Chunked.SIGNED_TRAILER;
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> Chunked.UNSIGNED_TRAILER;
            default -> hashed(text);
        };
    }

    private static PayloadMode hashed(String text) {
        if (text.startsWith("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
        boolean hex = text.length() == Sha256.HEX_LENGTH;
        for (int i = 0; hex && i < text.length(); i++) {
            char c = text.charAt(i);
            hex = Percent.hexDigit(c) >= 0 && !(c >= 'A' && c <= 'F');
        }
        if (!hex) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                                    + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD,"
                                    + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.")
                    .with("ArgumentName", "x-amz-content-sha256")
                    .with("ArgumentValue", text);
        }
        return new Hashed(text);
    }
}
