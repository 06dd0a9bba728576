package io.cairn.wire.sigv4;

/** The text whose HMAC is a request's signature. Stateless. */
final class StringToSign {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private StringToSign() {}

    static SigningText of(String timestamp, String scope, SigningText canonicalRequest) {
        return new SigningText()
                .append(ALGORITHM)
                .append('\n')
                .append(timestamp)
                .append('\n')
                .append(scope)
                .append('\n')
                .append(canonicalRequest.sha256Hex());
    }
}
