package io.cairn.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.client.Attributes.ObjectLock;
import io.cairn.client.Endpoint.Style;
import io.cairn.testkit.FakeS3;
import io.cairn.testkit.FakeS3.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations on a bucket, with and without faults on the way. */
final class BucketTest {
    private static final Optional<String> NEWEST = Optional.empty();
    private static final CredentialSource KEYS = () -> new Credentials("key", "secret", Optional.empty());
    private static final Patience SHORT = new Patience(
            Duration.ofSeconds(5), Duration.ofMillis(400), 1 << 20, 4, Duration.ofMillis(10), Duration.ofMillis(80));

    private final List<Duration> waits = new ArrayList<>();
    private FakeS3 server;
    private S3Client client;
    private Bucket bucket;

    @BeforeEach
    void start() {
        server = new FakeS3().with("plain", false, false).with("locked", true, true);
        client = new S3Client(
                Endpoint.of(server.address(), Style.PATH),
                KEYS,
                SHORT,
                Optional.empty(),
                Clock.system(),
                Entropy.seeded(1),
                waits::add);
        bucket = client.bucket("plain");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private void store(String key, byte[] bytes) {
        bucket.put(key, Body.of(bytes), Attributes.NONE);
    }

    private byte[] read(String key) throws Exception {
        try (ObjectContent content = bucket.get(key, NEWEST).orElseThrow()) {
            return content.stream().readAllBytes();
        }
    }

    /** Answers the first requests with that method this way. */
    private void fail(String method, int times, Fault fault) {
        var left = new AtomicInteger(times);
        server.failWith((asked, _) ->
                asked.equals(method) && left.getAndDecrement() > 0 ? Optional.of(fault) : Optional.empty());
    }

    @Test
    void object_withAllThatItCarries_comesBack() throws Exception {
        Attributes told = new Attributes(
                Map.of("content-type", "text/plain", "cache-control", "no-cache"),
                Map.of("colour", "grün", "empty", ""),
                Map.of("tag one", "ä&b=c"),
                Optional.empty());
        byte[] bytes = noise(3 << 20);
        bucket.put("a/../ü //+%41", Body.of(bytes), told);
        assertArrayEquals(bytes, read("a/../ü //+%41"));
        ObjectHead head = bucket.head("a/../ü //+%41", NEWEST).orElseThrow();
        assertEquals(told.system(), head.attributes().system());
        assertEquals(told.metadata(), head.attributes().metadata());
        assertEquals(1, head.tagCount());
        assertEquals(told.tags(), bucket.tags("a/../ü //+%41", NEWEST));
    }

    @Test
    void absent_isNotAFault() {
        assertTrue(bucket.get("none", NEWEST).isEmpty());
        assertTrue(bucket.head("none", NEWEST).isEmpty());
        assertTrue(bucket.load("none").isEmpty());
        assertTrue(bucket.range("none", 0, 5).isEmpty());
        bucket.delete("none", NEWEST);
    }

    @Test
    void bucket_absent_isSaid() {
        String said = assertThrows(
                        S3Fault.Refused.class, () -> client.bucket("none").load("x"))
                .getMessage();
        assertTrue(said.contains("no bucket none"), said);
    }

    @Test
    void range_beyondEnd_isShort() {
        store("ten", noise(10));
        assertEquals(4, bucket.range("ten", 6, 10).orElseThrow().length);
        assertEquals(0, bucket.range("ten", 10, 10).orElseThrow().length);
    }

    @Test
    void serverErrors_thatPass_areTriedAgainWithJitter() throws Exception {
        fail("PUT", 3, new Fault.Says(503, "SlowDown"));
        store("x", noise(9));
        assertEquals(3, waits.size());
        assertTrue(waits.stream().allMatch(wait -> wait.compareTo(Duration.ofMillis(80)) <= 0), waits::toString);
        assertArrayEquals(noise(9), read("x"));
    }

    @Test
    void serverErrors_thatStay_sayWhatToDo() {
        fail("GET", 100, new Fault.Says(500, "InternalError"));
        String said =
                assertThrows(S3Fault.Unreachable.class, () -> bucket.load("x")).getMessage();
        assertTrue(said.contains("4 times") && said.contains("500 InternalError"), said);
        assertTrue(said.contains("Try again later"), said);
    }

    @Test
    void retryAfter_isWaitedFor_upToTheLongest() {
        store("x", noise(9));
        fail("GET", 1, new Fault.SaysWith(503, "SlowDown", "Retry-After", "3600"));
        assertTrue(bucket.load("x").isPresent());
        assertEquals(List.of(Duration.ofMillis(80)), waits);
    }

    @Test
    void connection_dropped_isTriedAgain() throws Exception {
        fail("PUT", 2, new Fault.Drops(true));
        store("x", noise(2 << 20));
        assertArrayEquals(noise(2 << 20), read("x"));
    }

    @Test
    void server_silent_isGivenUpAndTriedAgain() throws Exception {
        store("x", noise(9));
        fail("GET", 1, new Fault.Hangs());
        assertArrayEquals(noise(9), read("x"));
    }

    @Test
    void body_cutOff_goesOnWhereItBroke() throws Exception {
        store("x", noise(500_000));
        fail("GET", 1, new Fault.Cuts());
        assertArrayEquals(noise(500_000), read("x"));
        assertTrue(server.requests().size() >= 3, () -> server.requests().toString());
    }

    @Test
    void body_withAFlippedBit_isDamage() {
        store("x", noise(500_000));
        fail("GET", 1, new Fault.Flips());
        assertThrows(S3Fault.Damaged.class, () -> read("x"));
        fail("GET", 1, new Fault.Flips());
        assertArrayEquals(noise(500_000), bucket.load("x").orElseThrow(), "a whole read asks again");
    }

    @Test
    void conditionalPut_firstWins() {
        assertInstanceOf(Put.Stored.class, bucket.putIfAbsent("x", Body.of(noise(9)), Attributes.NONE));
        assertInstanceOf(Put.Taken.class, bucket.putIfAbsent("x", Body.of(noise(8)), Attributes.NONE));
        fail("PUT", 1, new Fault.Drops(true));
        var answer = bucket.putIfAbsent("y", Body.of(noise(9)), Attributes.NONE);
        assertEquals(new Put.Taken(2), answer, "done by the try whose answer was lost");
    }

    @Test
    void space_usedUp_isSaidAtOnce() {
        fail("PUT", 9, new Fault.Says(507, "InsufficientStorage"));
        String said =
                assertThrows(S3Fault.Full.class, () -> store("x", noise(9))).getMessage();
        assertTrue(said.contains("Make room"), said);
        assertTrue(waits.isEmpty());
    }

    @Test
    void credentials_refused_areNotTriedAgainAndNotShown() {
        fail("GET", 9, new Fault.Says(403, "SignatureDoesNotMatch"));
        String said =
                assertThrows(S3Fault.Refused.class, () -> bucket.load("x")).getMessage();
        assertTrue(said.contains("correct the credentials") && !said.contains("secret="), said);
        assertTrue(waits.isEmpty());
    }

    @Test
    void clock_thatIsWrong_isCorrectedFromTheServersDate() {
        store("x", noise(9));
        try (S3Client late = new S3Client(
                Endpoint.of(server.address(), Style.PATH),
                KEYS,
                SHORT,
                Optional.empty(),
                new io.cairn.testkit.ManualClock(Instant.parse("2001-01-01T00:00:00Z")),
                Entropy.seeded(1),
                waits::add)) {
            fail("GET", 1, new Fault.Says(403, "RequestTimeTooSkewed"));
            assertTrue(late.bucket("plain").load("x").isPresent());
            Duration apart = Duration.between(late.now(), Clock.system().now()).abs();
            assertTrue(apart.compareTo(Duration.ofMinutes(2)) < 0, apart::toString);
        }
    }

    @Test
    void region_namedByTheServer_signsFromThenOn() {
        store("x", noise(9));
        fail("GET", 1, new Fault.SaysWith(400, "AuthorizationHeaderMalformed", "x-amz-bucket-region", "eu-west-1"));
        assertTrue(bucket.load("x").isPresent());
        fail("GET", 9, new Fault.SaysWith(301, "PermanentRedirect", "x-amz-bucket-region", "eu-west-1"));
        assertThrows(S3Fault.Refused.class, () -> bucket.load("x"), "the same region again leads nowhere");
    }

    @Test
    void listing_ofManyPages_hasEveryKeyInOrder() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            keys.add("p/key %02d".formatted(i));
            store(keys.getLast(), noise(i));
        }
        store("q", noise(1));
        assertEquals(keys, keys(bucket.list("p/", "")));
        assertEquals(keys.subList(11, 23), keys(bucket.list("p/", keys.get(10))));
    }

    private static List<String> keys(Iterator<List<Listed>> pages) {
        List<String> found = new ArrayList<>();
        pages.forEachRemaining(page -> page.forEach(entry -> found.add(entry.key())));
        return found;
    }

    @Test
    void versions_withMarkers_areListedAndDeleted() {
        Bucket versioned = client.bucket("locked");
        for (int i = 0; i < 7; i++) {
            versioned.put("k", Body.of(noise(i)), Attributes.NONE);
        }
        String marker = versioned.deleteMarker("k");
        List<Listed> all = new ArrayList<>();
        versioned.versions("").forEachRemaining(all::addAll);
        assertEquals(8, all.size());
        assertEquals(marker, all.getFirst().version());
        assertTrue(all.getFirst().deleteMarker() && all.getFirst().latest());
        assertTrue(versioned.head("k", NEWEST).isEmpty());
        assertEquals(
                6,
                versioned
                        .head("k", Optional.of(all.get(1).version()))
                        .orElseThrow()
                        .size());
        assertEquals(Map.of(), versioned.delete(all));
        assertTrue(keys(versioned.versions("")).isEmpty());
    }

    @Test
    void lock_onPut_isKeptAndExtended() {
        Bucket locked = client.bucket("locked");
        assertTrue(locked.locks() && !bucket.locks());
        Instant until = Instant.parse("2030-01-01T00:00:00Z");
        var stored = locked.put(
                "k", Body.of(noise(9)), Attributes.locked(new ObjectLock(ObjectLock.Mode.COMPLIANCE, until)));
        assertEquals(
                until,
                locked.head("k", NEWEST)
                        .orElseThrow()
                        .attributes()
                        .lock()
                        .orElseThrow()
                        .until());
        assertThrows(S3Fault.Refused.class, () -> locked.delete("k", Optional.of(stored.version())));
        locked.retain("k", NEWEST, new ObjectLock(ObjectLock.Mode.COMPLIANCE, until.plusSeconds(60)));
        assertEquals(
                until.plusSeconds(60),
                locked.head("k", NEWEST)
                        .orElseThrow()
                        .attributes()
                        .lock()
                        .orElseThrow()
                        .until());
    }

    @Test
    void parts_completed_areOneObject() throws Exception {
        try (MultipartUpload upload = bucket.multipart("big", Attributes.NONE)) {
            upload.part(Body.of(noise(100)));
            upload.part(Body.of("end".getBytes(StandardCharsets.US_ASCII)));
            assertTrue(upload.complete().etag().endsWith("-2"));
        }
        assertEquals(103, read("big").length);
    }
}
