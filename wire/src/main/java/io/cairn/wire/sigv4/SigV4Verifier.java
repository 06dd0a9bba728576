package io.cairn.wire.sigv4;

import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.Timestamps;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks the signatures of requests, in the Authorization header or in the query (presigned). Accepts any region and
 * the service {@code s3}. Safe for use by many threads.
 */
public final class SigV4Verifier {
    /** How far a client's clock may be off. */
    public static final Duration SKEW_MAX = Duration.ofMinutes(15);

    private static final String CONTENT_SHA256 = "x-amz-content-sha256";

    private final SecretKeys secrets;
    private final SigningKeys cache = new SigningKeys();

    public SigV4Verifier(SecretKeys secrets) {
        this.secrets = secrets;
    }

    /** Tells who sent the request; a signature that is wrong in any way is an {@link S3Exception}. */
    public Authentication authenticate(SignedRequest request) {
        List<Header> authorization = request.headers().stream()
                .filter(header -> header.is("authorization"))
                .toList();
        QueryCredentials query = QueryCredentials.find(request.rawQuery());
        if (authorization.isEmpty()) {
            return switch (query) {
                case QueryCredentials.None _ -> new Authentication.Anonymous();
                case QueryCredentials.Version2 _ -> throw AuthorizationHeader.versionRefused();
                case QueryCredentials.Presigned presigned -> presigned(request, presigned);
            };
        }
        if (authorization.size() > 1 || !(query instanceof QueryCredentials.None)) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature"
                                    + " query string parameter or the Authorization header should be specified")
                    .with("ArgumentName", "Authorization");
        }
        return headerSigned(request, authorization.getFirst().value().strip());
    }

    /**
     * Checks the signature of a browser upload's policy and returns the access key that signed it.
     *
     * @param policy the policy as the form holds it, in base64
     * @param credential the form's {@code x-amz-credential}
     * @param date the form's {@code x-amz-date}
     */
    public String authenticatePolicy(String policy, String credential, String date, String signature) {
        Scope scope = Scope.parse(credential, Malformed.FORM);
        if (Timestamps.parseBasic(date).isEmpty() || !date.startsWith(scope.date())) {
            throw Malformed.FORM.because(
                    "x-amz-date must be in the ISO8601 basic format and agree with the credential.");
        }
        SigningText text = new SigningText().append(policy);
        verify(scope, text, signature, text);
        return scope.accessKey();
    }

    private Authentication headerSigned(SignedRequest request, String authorization) {
        AuthorizationHeader header = AuthorizationHeader.parse(authorization);
        Scope scope = Scope.parse(header.credential(), Malformed.HEADER);
        Instant time = requestTime(request);
        String timestamp = Timestamps.basic(time);
        if (!timestamp.startsWith(scope.date())) {
            throw Malformed.HEADER.because("Invalid credential date \"" + scope.date()
                    + "\". This date is not the same as X-Amz-Date: \"" + timestamp.substring(0, 8) + "\".");
        }
        PayloadMode payload = PayloadMode.parse(request.header(CONTENT_SHA256)
                .orElseThrow(() -> new S3Exception(
                        S3Error.INVALID_REQUEST, "Missing required header for this request: x-amz-content-sha256")));
        refuseTokens(request.header("x-amz-security-token").orElse(""));
        requireSigned(request.headers(), header.signedHeaders());
        requireCurrent(time, request.now());
        return signed(request, new Claim(scope, timestamp, header.signedHeaders(), header.signature()), payload);
    }

    private Authentication presigned(SignedRequest request, QueryCredentials.Presigned query) {
        Scope scope = Scope.parse(query.credential(), Malformed.QUERY);
        if (!query.date().startsWith(scope.date())) {
            throw Malformed.QUERY.because("Invalid credential date \"" + scope.date()
                    + "\". This date is not the same as X-Amz-Date: \"" + query.date() + "\".");
        }
        String hash = query.contentSha256().isEmpty()
                ? request.header(CONTENT_SHA256).orElse(PayloadMode.UNSIGNED_PAYLOAD)
                : query.contentSha256();
        PayloadMode payload = PayloadMode.parse(hash);
        refuseTokens(query.securityToken());
        refuseTokens(request.header("x-amz-security-token").orElse(""));
        requireSigned(request.headers(), query.signedHeaders());
        query.requireUnexpired(request.now());
        return signed(request, new Claim(scope, query.date(), query.signedHeaders(), query.signature()), payload);
    }

    private record Claim(Scope scope, String timestamp, List<String> signedHeaders, String signature) {}

    private Authentication signed(SignedRequest request, Claim claim, PayloadMode payload) {
        SigningText canonical = CanonicalRequest.of(
                request.method(),
                request.rawPath(),
                request.rawQuery(),
                request.headers(),
                claim.signedHeaders(),
                payload.text());
        String scopeText = claim.scope().text();
        SigningText text = StringToSign.of(claim.timestamp(), scopeText, canonical);
        SigningKey key = verify(claim.scope(), text, claim.signature(), canonical);
        SigningContext context = new SigningContext(key, claim.timestamp(), scopeText, claim.signature());
        return new Authentication.Signed(claim.scope().accessKey(), payload, context);
    }

    private SigningKey verify(Scope scope, SigningText text, String signature, SigningText canonical) {
        String secret = secrets.secretOf(scope.accessKey())
                .orElseThrow(
                        () -> new S3Exception(S3Error.INVALID_ACCESS_KEY_ID).with("AWSAccessKeyId", scope.accessKey()));
        SigningKey known = cache.known(secret, scope).orElse(null);
        SigningKey key = known == null ? SigningKey.derive(secret, scope) : known;
        if (!sameText(key.sign(text), signature)) {
            throw mismatch(scope, text, signature, canonical);
        }
        if (known == null) {
            cache.keep(secret, scope, key);
        }
        return key;
    }

    /** Tells what was signed here, so that a client's author can compare; never with a customer's encryption key. */
    private static S3Exception mismatch(Scope scope, SigningText text, String signature, SigningText canonical) {
        S3Exception mismatch = new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH)
                .with("AWSAccessKeyId", scope.accessKey())
                .with("StringToSign", text.toString())
                .with("SignatureProvided", signature);
        String request = canonical.toString();
        return request.contains("customer-key:") ? mismatch : mismatch.with("CanonicalRequest", request);
    }

    private static boolean sameText(String expected, String actual) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.ISO_8859_1), actual.getBytes(StandardCharsets.UTF_8));
    }

    private static Instant requestTime(SignedRequest request) {
        String text = request.header("x-amz-date")
                .or(() -> request.header("date"))
                .orElse("")
                .strip();
        return Timestamps.parseBasic(text)
                .or(() -> Timestamps.parse(text))
                .orElseThrow(() -> new S3Exception(
                        S3Error.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header"));
    }

    private static void requireCurrent(Instant time, Instant now) {
        if (Duration.between(time, now).abs().compareTo(SKEW_MAX) > 0) {
            throw new S3Exception(S3Error.REQUEST_TIME_TOO_SKEWED)
                    .with("RequestTime", Timestamps.basic(time))
                    .with("ServerTime", Timestamps.iso(now))
                    .with("MaxAllowedSkewMilliseconds", SKEW_MAX.toMillis());
        }
    }

    private static void refuseTokens(String token) {
        if (!token.isEmpty()) {
            throw new S3Exception(S3Error.INVALID_TOKEN);
        }
    }

    /** The payload's hash is exempt: it is in the signed text whether its header is listed or not. */
    private static void requireSigned(List<Header> headers, List<String> signed) {
        List<String> missing = new ArrayList<>();
        if (!signed.contains("host")) {
            missing.add("host");
        }
        for (Header header : headers) {
            String name = header.name();
            if (name.regionMatches(true, 0, "x-amz-", 0, 6) && !name.equalsIgnoreCase(CONTENT_SHA256)) {
                String lower = name.toLowerCase(Locale.ROOT);
                if (!signed.contains(lower)) {
                    missing.add(lower);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new S3Exception(
                            S3Error.ACCESS_DENIED, "There were headers present in the request which were not signed")
                    .with("HeadersNotSigned", String.join(", ", missing));
        }
    }
}
