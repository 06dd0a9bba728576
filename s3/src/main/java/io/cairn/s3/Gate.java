package io.cairn.s3;

import io.cairn.base.Clock;
import io.cairn.engine.Users;
import io.cairn.model.UserRow;
import io.cairn.s3.request.RequestHead;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.Authentication;
import io.cairn.wire.sigv4.SigV4Verifier;
import io.cairn.wire.sigv4.SignedRequest;
import java.util.Optional;

/** Finds out who sends a request and refuses strangers. Every enabled access key may do everything. Thread-safe. */
final class Gate {
    private final S3Options options;
    private final Users users;
    private final Clock clock;
    private final SigV4Verifier verifier;

    Gate(S3Options options, Users users, Clock clock) {
        this.options = options;
        this.users = users;
        this.clock = clock;
        this.verifier = new SigV4Verifier(this::secretOf);
    }

    /** The sender; a wrong signature is an {@link S3Exception}, none at all is {@link Caller#ANONYMOUS}. */
    Caller identify(RequestHead head) {
        SignedRequest signed =
                new SignedRequest(head.method(), head.rawPath(), head.rawQuery(), head.headers(), clock.now());
        return switch (verifier.authenticate(signed)) {
            case Authentication.Anonymous _ -> Caller.ANONYMOUS;
            case Authentication.Signed(var accessKey, var payload, var context) ->
                new Caller(accessKey, payload, Optional.of(context));
        };
    }

    /** Refuses strangers, but for forms (which carry a signed policy in their body) and preflights. */
    void admit(Caller caller, S3Request request) {
        boolean open = request instanceof S3Request.PostObject || request instanceof S3Request.Preflight;
        if (caller.anonymous() && !open) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
    }

    SigV4Verifier verifier() {
        return verifier;
    }

    private Optional<String> secretOf(String accessKey) {
        if (accessKey.equals(options.rootAccessKey())) {
            return Optional.of(options.rootSecretKey());
        }
        return users.find(accessKey).filter(UserRow::enabled).map(UserRow::secretKey);
    }
}
