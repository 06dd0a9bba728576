package io.cairn.wire.sigv4;

import io.cairn.wire.Query;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.Timestamps;
import java.time.Instant;
import java.util.List;

/** The signature that a query carries, if any. */
sealed interface QueryCredentials {
    /** No signature in the query. */
    record None() implements QueryCredentials {}

    /** A signature of version 2, which is refused. */
    record Version2() implements QueryCredentials {}

    /** A presigned request of version 4; times checked for their form, not yet for being now. */
    record Presigned(
            String credential,
            String date,
            long expiresSeconds,
            List<String> signedHeaders,
            String signature,
            String contentSha256,
            String securityToken)
            implements QueryCredentials {

        /** Fails unless {@code now} lies between the signing and the expiry. */
        void requireUnexpired(Instant now) {
            Instant start = Timestamps.parseBasic(date).orElseThrow();
            Instant end = start.plusSeconds(expiresSeconds);
            if (now.isBefore(start.minus(SigV4Verifier.SKEW_MAX))) {
                throw new S3Exception(S3Error.ACCESS_DENIED, "Request is not valid yet")
                        .with("X-Amz-Date", date)
                        .with("ServerTime", Timestamps.iso(now));
            }
            if (now.isAfter(end)) {
                throw new S3Exception(S3Error.ACCESS_DENIED, "Request has expired")
                        .with("X-Amz-Expires", expiresSeconds)
                        .with("Expires", Timestamps.iso(end))
                        .with("ServerTime", Timestamps.iso(now));
            }
        }
    }

    /** The longest life of a presigned request, in seconds. */
    int EXPIRES_SECONDS_MAX = 604_800;

    static QueryCredentials find(String rawQuery) {
        if (!rawQuery.contains("X-Amz-") && !rawQuery.contains("Signature") && !rawQuery.contains("%")) {
            return new None();
        }
        Query query = Query.parse(rawQuery);
        if (query.has("X-Amz-Algorithm") || query.has("X-Amz-Credential") || query.has("X-Amz-Signature")) {
            return presigned(query);
        }
        return query.has("Signature") && query.has("AWSAccessKeyId") ? new Version2() : new None();
    }

    private static Presigned presigned(Query query) {
        if (!required(query, "X-Amz-Algorithm").equals(StringToSign.ALGORITHM)) {
            throw Malformed.QUERY.because("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        String date = required(query, "X-Amz-Date");
        if (Timestamps.parseBasic(date).isEmpty()) {
            throw Malformed.QUERY.because("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
        return new Presigned(
                required(query, "X-Amz-Credential"),
                date,
                expires(required(query, "X-Amz-Expires")),
                AuthorizationHeader.names(required(query, "X-Amz-SignedHeaders"), Malformed.QUERY),
                required(query, "X-Amz-Signature"),
                query.value("X-Amz-Content-Sha256").orElse(""),
                query.value("X-Amz-Security-Token").orElse(""));
    }

    private static String required(Query query, String name) {
        String value = query.value(name).orElse("");
        if (value.isEmpty()) {
            throw new S3Exception(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
        }
        return value;
    }

    private static long expires(String text) {
        long seconds;
        try {
            seconds = Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw Malformed.QUERY.because("X-Amz-Expires should be a number");
        }
        if (seconds < 1) {
            throw Malformed.QUERY.because("X-Amz-Expires must be positive");
        }
        if (seconds > EXPIRES_SECONDS_MAX) {
            throw Malformed.QUERY.because("X-Amz-Expires must be less than a week (in seconds); that is, the given"
                    + " X-Amz-Expires must be less than 604800 seconds");
        }
        return seconds;
    }
}
