package io.cairn.wire.sigv4;

import io.cairn.wire.Header;
import io.cairn.wire.Percent;
import io.cairn.wire.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Signs requests for one access key and region, as a client does. Safe for use by many threads. */
public final class SigV4Signer {
    private final String accessKey;
    private final String secret;
    private final String region;
    private final SigningKeys cache = new SigningKeys();

    public SigV4Signer(String accessKey, String secret, String region) {
        this.accessKey = accessKey;
        this.secret = secret;
        this.region = region;
    }

    /** A signed request: the headers to send, all of them, and what its chunks' signatures continue from. */
    public record Signed(List<Header> headers, SigningContext context) {
        public Signed {
            headers = List.copyOf(headers);
        }
    }

    /**
     * Signs in the Authorization header. Every given header is signed, Host must be among them; {@code x-amz-date},
     * {@code x-amz-content-sha256} and {@code Authorization} are added.
     *
     * @param rawPath the path as it will stand in the request line
     * @param rawQuery the query as it will stand there, empty for none
     * @param payload {@link PayloadMode} of the body
     */
    public Signed sign(
            String method, String rawPath, String rawQuery, List<Header> headers, PayloadMode payload, Instant now) {
        String timestamp = Timestamps.basic(now);
        List<Header> all = new ArrayList<>(headers);
        all.add(new Header("x-amz-date", timestamp));
        all.add(new Header("x-amz-content-sha256", payload.text()));
        List<String> names = names(all);
        Scope scope = scope(timestamp);
        SigningKey key = key(scope);
        SigningText canonical = CanonicalRequest.of(method, rawPath, rawQuery, all, names, payload.text());
        String signature = key.sign(StringToSign.of(timestamp, scope.text(), canonical));
        all.add(new Header(
                "Authorization",
                StringToSign.ALGORITHM + " Credential=" + scope.credential() + ",SignedHeaders="
                        + String.join(";", names) + ",Signature=" + signature));
        return new Signed(all, new SigningContext(key, timestamp, scope.text(), signature));
    }

    /**
     * Signs in the query and returns the query to send. Every given header is signed and must be sent, Host among them;
     * the body is not signed.
     */
    public String presign(
            String method, String rawPath, String rawQuery, List<Header> headers, Duration life, Instant now) {
        String timestamp = Timestamps.basic(now);
        List<String> names = names(headers);
        Scope scope = scope(timestamp);
        String query = rawQuery + (rawQuery.isEmpty() ? "" : "&")
                + "X-Amz-Algorithm=" + StringToSign.ALGORITHM
                + "&X-Amz-Credential=" + Percent.encode(scope.credential())
                + "&X-Amz-Date=" + timestamp
                + "&X-Amz-Expires=" + life.toSeconds()
                + "&X-Amz-SignedHeaders=" + Percent.encode(String.join(";", names));
        SigningText canonical =
                CanonicalRequest.of(method, rawPath, query, headers, names, PayloadMode.UNSIGNED_PAYLOAD);
        String signature = key(scope).sign(StringToSign.of(timestamp, scope.text(), canonical));
        return query + "&X-Amz-Signature=" + signature;
    }

    /** The value of {@code x-amz-credential} in a form whose policy is signed at that time. */
    public String credential(Instant now) {
        return scope(Timestamps.basic(now)).credential();
    }

    /** The signature of a browser upload's policy, given in base64 as the form will hold it. */
    public String signPolicy(String policy, Instant now) {
        return key(scope(Timestamps.basic(now))).sign(new SigningText().append(policy));
    }

    /** The payload mode of a body that is at hand as a whole. */
    public static PayloadMode hashed(byte[] body) {
        return new PayloadMode.Hashed(Sha256.hex(body, body.length));
    }

    /** Text as header values and paths hold it: its UTF-8 bytes, one {@code char} each. */
    public static String headerText(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private Scope scope(String timestamp) {
        return new Scope(accessKey, timestamp.substring(0, 8), region, "s3");
    }

    private SigningKey key(Scope scope) {
        return cache.known(secret, scope).orElseGet(() -> {
            SigningKey key = SigningKey.derive(secret, scope);
            cache.keep(secret, scope, key);
            return key;
        });
    }

    private static List<String> names(List<Header> headers) {
        return headers.stream()
                .map(header -> header.name().toLowerCase(Locale.ROOT))
                .sorted()
                .distinct()
                .toList();
    }
}
