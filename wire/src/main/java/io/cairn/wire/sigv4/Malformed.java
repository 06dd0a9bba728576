package io.cairn.wire.sigv4;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;

/** How a request that carries a signature wrongly is refused; differs by where the signature stands. */
enum Malformed {
    HEADER(S3Error.AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; "),
    QUERY(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR, "Error parsing the query parameters; "),
    FORM(S3Error.INVALID_ARGUMENT, "Error parsing the form's credential; ");

    private final S3Error error;
    private final String prefix;

    Malformed(S3Error error, String prefix) {
        this.error = error;
        this.prefix = prefix;
    }

    S3Exception because(String reason) {
        return new S3Exception(error, prefix + reason);
    }
}
