package io.cairn.s3;

import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigningContext;
import java.util.Optional;

/**
 * Who sends a request and how its body is protected.
 *
 * @param accessKey empty for somebody unknown
 */
record Caller(String accessKey, PayloadMode payload, Optional<SigningContext> signing) {
    static final Caller ANONYMOUS = new Caller("", new PayloadMode.Unsigned(), Optional.empty());

    boolean anonymous() {
        return accessKey.isEmpty();
    }
}
