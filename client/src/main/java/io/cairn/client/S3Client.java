package io.cairn.client;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.wire.Header;
import io.cairn.wire.Timestamps;
import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigV4Signer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A client of one S3 server. Every request is signed over all of its body, tried again where that helps (with the
 * server's clock when ours is wrong, in the region that the server names), and ends as an answer or as an
 * {@link S3Fault}. A request whose answer was lost may have been done: with versioning, a put that was tried again may
 * have made two versions. Safe for use by many threads.
 */
public final class S3Client implements AutoCloseable {
    private static final int REROUTES_MAX = 3;
    private static final int SERVER_ERROR = 500;

    private final Endpoint endpoint;
    private final Credentials credentials;
    private final Patience patience;
    private final Exchange exchange;
    private final Clock clock;
    private final Entropy entropy;
    private final Pause pause;
    private final Map<String, Endpoint> routes = new ConcurrentHashMap<>();
    private final Map<String, SigV4Signer> signers = new ConcurrentHashMap<>();
    private volatile Duration skew = Duration.ZERO;

    /** How to wait; a test does not. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /** @param trusted a PEM file with the certificates of authorities to trust instead of the system's */
    public S3Client(
            Endpoint endpoint,
            CredentialSource source,
            Patience patience,
            Optional<Path> trusted,
            Clock clock,
            Entropy entropy,
            Pause pause) {
        this.endpoint = endpoint;
        this.credentials = source.credentials();
        this.patience = patience;
        this.exchange = new Exchange(patience, trusted.map(Trust::of));
        this.clock = clock;
        this.entropy = entropy;
        this.pause = pause;
    }

    /** With the machine's clock and dice. */
    public static S3Client of(Endpoint endpoint, CredentialSource source, Patience patience, Optional<Path> trusted) {
        return new S3Client(endpoint, source, patience, trusted, Clock.system(), Entropy.secure(), Thread::sleep);
    }

    /** The bucket of that name, which need not exist yet. */
    public Bucket bucket(String name) {
        return new Bucket(this, name);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The server's time, as far as it told. */
    Instant now() {
        return clock.now().plus(skew);
    }

    /** What is done about one try. */
    private sealed interface Verdict {
        record Done(Reply reply) implements Verdict {}

        /** At once: the clock, the region or the address was wrong. */
        record Reroute() implements Verdict {}

        record Again(String problem, Optional<Duration> asked) implements Verdict {}

        record Failed(S3Fault fault) implements Verdict {}
    }

    /**
     * Sends it until there is an answer below 400, or a refusal that is the caller's to judge: 304, 404, 409, 412, 416.
     */
    Reply send(Request request) {
        Optional<Body.Digests> digests = digests(request);
        int reroutes = 0;
        for (int attempt = 1; ; attempt++) {
            switch (once(request, digests, attempt)) {
                case Verdict.Done done -> {
                    return done.reply();
                }
                case Verdict.Failed failed -> throw failed.fault();
                case Verdict.Reroute _ -> {
                    if (++reroutes > REROUTES_MAX) {
                        throw new S3Fault.Refused(request + " at " + endpoint
                                + " was sent from one region to another; name the bucket's region and address");
                    }
                }
                case Verdict.Again again -> {
                    if (attempt - reroutes >= patience.tries()) {
                        throw new S3Fault.Unreachable(request + " at " + endpoint + " failed "
                                + (attempt - reroutes) + " times, at last with: " + again.problem()
                                + ". Try again later; if it goes on, look at the server and at the way to it");
                    }
                    rest(request, attempt - reroutes, again.asked());
                }
            }
        }
    }

    private Optional<Body.Digests> digests(Request request) {
        try {
            return request.body().isPresent() ? Optional.of(request.body().get().digests()) : Optional.empty();
        } catch (IOException unreadable) {
            throw new S3Fault.Unreachable(
                    "what " + request + " should send cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private Verdict once(Request request, Optional<Body.Digests> digests, int attempt) {
        Endpoint route = routes.getOrDefault(request.bucket(), endpoint);
        Instant time = now();
        try {
            Answer answer = exchange.send(
                    request.method(),
                    route.address().getScheme() + "://" + route.host(request.bucket())
                            + route.path(request.bucket(), request.key())
                            + (request.query().isEmpty() ? "" : "?" + request.query()),
                    signed(request, route, digests, time),
                    request.body(),
                    attempt);
            if (answer.status() < 300) {
                return new Verdict.Done(answer);
            }
            try (answer) {
                return judge(request, answer, answer.said(), time);
            }
        } catch (javax.net.ssl.SSLException untrusted) {
            return new Verdict.Failed(new S3Fault.Refused("no trusted connection to " + endpoint + ": "
                    + untrusted.getMessage() + "; give the file of the authority that signed its certificate"
                    + " (CAIRN_S3_CA_FILE), or correct the address"));
        } catch (java.net.UnknownHostException nobody) {
            return new Verdict.Again("there is no host " + nobody.getMessage(), Optional.empty());
        } catch (IOException broken) {
            return new Verdict.Again(
                    broken.getMessage() == null ? broken.toString() : broken.getMessage(), Optional.empty());
        }
    }

    private List<Header> signed(Request request, Endpoint route, Optional<Body.Digests> digests, Instant time) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("host", route.host(request.bucket())));
        credentials.sessionToken().ifPresent(token -> headers.add(new Header("x-amz-security-token", token)));
        request.headers()
                .forEach(header -> headers.add(new Header(header.name(), SigV4Signer.headerText(header.value()))));
        digests.ifPresent(sums -> headers.add(new Header("x-amz-checksum-crc32c", sums.crc32c())));
        PayloadMode payload = digests.<PayloadMode>map(sums -> new PayloadMode.Hashed(sums.sha256()))
                .orElseGet(() -> SigV4Signer.hashed(new byte[0]));
        SigV4Signer signer = signers.computeIfAbsent(
                route.region(), region -> new SigV4Signer(credentials.accessKey(), credentials.secret(), region));
        return signer
                .sign(
                        request.method(),
                        route.path(request.bucket(), request.key()),
                        request.query(),
                        headers,
                        payload,
                        time)
                .headers()
                .stream()
                .map(header -> new Header(header.name(), Answer.text(header.value())))
                .toList();
    }

    private Verdict judge(Request request, Answer answer, S3Said said, Instant signedAt) {
        int status = answer.status();
        if (status == 403 && corrected(request, answer, said, signedAt)) {
            return new Verdict.Reroute();
        }
        if (rerouted(request, answer, said)) {
            return new Verdict.Reroute();
        }
        if (status == 507
                || said.is("QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "InsufficientCapacity")) {
            return new Verdict.Failed(new S3Fault.Full(request + " at " + endpoint + " was answered " + said
                    + ": there is no space left, or a quota is used up. Make room or raise the quota, then run again"));
        }
        boolean passing = status >= SERVER_ERROR && status != 501
                || status == 429
                || status == 408
                || said.is(
                        "SlowDown",
                        "RequestTimeout",
                        "BadDigest",
                        "XAmzContentSHA256Mismatch",
                        "IncompleteBody",
                        "OperationAborted",
                        "ConditionalRequestConflict");
        if (passing) {
            return new Verdict.Again(
                    "answer " + said,
                    answer.header("retry-after").flatMap(S3Client::seconds).map(Duration::ofSeconds));
        }
        return switch (status) {
            case 404 ->
                said.is("NoSuchBucket")
                        ? new Verdict.Failed(new S3Fault.Refused("there is no bucket " + request.bucket() + " at "
                                + endpoint + "; make it, or correct the name"))
                        : new Verdict.Done(said);
            case 304, 409, 412, 416 -> new Verdict.Done(said);
            default -> new Verdict.Failed(new S3Fault.Refused(refusal(request, status, said)));
        };
    }

    private String refusal(Request request, int status, S3Said said) {
        String advice = switch (status) {
            case 401, 403 ->
                said.is("InvalidAccessKeyId", "SignatureDoesNotMatch")
                        ? "the access key or its secret is wrong: correct the credentials"
                        : "access key " + credentials.accessKey() + " may not do this: give it the permission, or use"
                                + " another key";
            case 405, 501 -> "this server does not do that; see whether a newer version of it does";
            default -> "this request will not go through as it is";
        };
        return request + " at " + endpoint + " was answered " + said + ": " + advice;
    }

    /** The server's date counts when it says, or may mean, that ours is wrong. */
    private boolean corrected(Request request, Answer answer, S3Said said, Instant signedAt) {
        Optional<Duration> apart =
                answer.header("date").flatMap(Timestamps::parse).map(date -> Duration.between(clock.now(), date));
        boolean meant = said.is("RequestTimeTooSkewed")
                || request.method().equals("HEAD")
                || said.code().isEmpty();
        if (!meant || apart.isEmpty()) {
            return false;
        }
        boolean wrong =
                Duration.between(signedAt, clock.now().plus(apart.get())).abs().compareTo(Duration.ofMinutes(4)) > 0;
        if (wrong) {
            skew = apart.get();
        }
        return wrong;
    }

    /** Another region signs, or another host answers, for this bucket from now on. */
    private boolean rerouted(Request request, Answer answer, S3Said said) {
        boolean elsewhere = answer.status() == 301
                || answer.status() == 307
                || answer.status() == 308
                || said.is("AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException")
                || answer.status() == 400 && request.method().equals("HEAD");
        if (!elsewhere) {
            return false;
        }
        Endpoint now = routes.getOrDefault(request.bucket(), endpoint);
        String region = said.region().orElse(now.region());
        URI address = now.address();
        if (address.getHost().endsWith("amazonaws.com")) {
            address = URI.create(address.getScheme() + "://s3." + region + ".amazonaws.com");
        }
        Endpoint next = new Endpoint(address, region, now.style());
        routes.put(request.bucket(), next);
        return !next.equals(now);
    }

    private static Optional<Long> seconds(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip())).filter(value -> value >= 0);
        } catch (NumberFormatException date) {
            return Optional.empty();
        }
    }

    private void rest(Request request, int attempt, Optional<Duration> asked) {
        double chance = (entropy.nextLong() >>> 11) * 0x1.0p-53;
        Duration own = patience.before(attempt, chance);
        Duration wait = asked.map(time -> time.compareTo(patience.longest()) > 0 ? patience.longest() : time)
                .filter(time -> time.compareTo(own) > 0)
                .orElse(own);
        try {
            pause.of(wait);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new S3Fault.Unreachable("interrupted while waiting to try " + request + " again", stop);
        }
    }

    @Override
    public void close() {
        exchange.close();
    }
}
