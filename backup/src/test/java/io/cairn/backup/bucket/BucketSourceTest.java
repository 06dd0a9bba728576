package io.cairn.backup.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.Cut;
import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.client.Attributes;
import io.cairn.client.Body;
import io.cairn.client.Bucket;
import io.cairn.client.Listed;
import io.cairn.client.ObjectHead;
import io.cairn.client.Patience;
import io.cairn.client.S3Client;
import io.cairn.client.S3Place;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.LocalDirectory;
import io.cairn.testkit.FakeS3;
import io.cairn.testkit.FakeS3.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket goes into a repository and comes back into another bucket, the same. */
final class BucketSourceTest {
    private static final Map<String, String> KEYS = Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s");
    private static final Patience SHORT = new Patience(
            Duration.ofSeconds(10), Duration.ofSeconds(10), 1 << 20, 8, Duration.ofMillis(1), Duration.ofMillis(2));
    private static final List<String> AWKWARD = List.of(
            "a",
            "a-",
            "a/",
            "a//",
            "a//b",
            "a/b",
            "a/b/c",
            "/",
            "//",
            "/a",
            ".",
            "..",
            "../..",
            "./x",
            "dir/",
            "dir/.",
            "100%",
            "%2F",
            "%d",
            "ü/ö",
            "🪨",
            "tab\tin",
            "line\nbreak",
            "ctl\u0001",
            "<xml>&amp;",
            "x".repeat(1024),
            "y".repeat(300) + "/" + "z".repeat(300),
            "y".repeat(300) + "/",
            "p+q r",
            "~");

    @TempDir
    private static Path scratch;

    private static Repository repository;

    private FakeS3 server;
    private S3Client client;

    /** One for all tests: each has a server of its own, and so no earlier snapshot. */
    @BeforeAll
    static void create() {
        repository = Repository.create(
                new LocalDirectory(scratch.resolve("repo"), Entropy.secure()),
                "password".getBytes(StandardCharsets.UTF_8),
                Actor.thisProcess(Clock.system(), Entropy.secure()));
    }

    @BeforeEach
    void start() {
        server = new FakeS3().with("plain", false, false).with("versioned", true, false);
        S3Place place = S3Place.parse("s3:" + server.address() + "/x");
        client = place.client(place.credentials(KEYS), KEYS, SHORT);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private String word(String bucket) {
        return "s3:" + server.address() + "/" + bucket;
    }

    private Cut backUp(String word) {
        List<Cut> cut = new ArrayList<>();
        try (BucketSource source = BucketSource.open(word, KEYS, Clock.system(), SHORT)) {
            Backup.Result result = new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                    .tree(source.name().paths(), tree -> cut.add(source.store(tree)));
            assertTrue(result.files() > 0);
        }
        return cut.getFirst();
    }

    private BucketRestore.Result restore(String bucket) {
        try (SnapshotReader reader = SnapshotReader.open(repository);
                BucketRestore restore = BucketRestore.open(reader, Progress.NONE, word(bucket), KEYS, SHORT)) {
            return restore.run(repository.snapshot("latest"));
        }
    }

    private static void fill(Bucket bucket, SplittableRandom random, List<String> keys) {
        for (String key : keys) {
            byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(70_000)];
            random.nextBytes(bytes);
            Attributes attributes = new Attributes(
                    Map.of("content-type", "text/" + random.nextInt(5)),
                    random.nextBoolean() ? Map.of("name", "größe " + random.nextInt(100)) : Map.of(),
                    random.nextInt(3) == 0 ? Map.of("tag", "value & " + random.nextInt(100)) : Map.of(),
                    Optional.empty());
            bucket.put(key, Body.of(bytes), attributes);
        }
    }

    /** All that a restore must bring back, in the order of the listing. */
    private static List<String> description(Bucket bucket, boolean versioned) {
        List<Listed> all = new ArrayList<>();
        (versioned ? bucket.versions("") : bucket.list("", "")).forEachRemaining(all::addAll);
        return all.stream()
                .map(entry -> {
                    Optional<String> version = Optional.of(entry.version()).filter(id -> !id.isEmpty());
                    String what = entry.key() + " " + entry.etag() + " " + entry.size() + " " + entry.latest() + " "
                            + entry.deleteMarker();
                    if (entry.deleteMarker()) {
                        return what;
                    }
                    ObjectHead head = bucket.head(entry.key(), version).orElseThrow();
                    return what + " " + head.attributes() + " " + bucket.tags(entry.key(), version);
                })
                .toList();
    }

    @Test
    void bucket_withAwkwardKeys_comesBackTheSame() {
        Bucket bucket = client.bucket("plain");
        fill(bucket, new SplittableRandom(1), AWKWARD);
        Cut cut = backUp(word("plain"));
        assertEquals(Integer.toString(AWKWARD.size()), cut.facts().get("objects"));
        assertEquals(AWKWARD.size(), restore("again").keys());
        assertEquals(description(bucket, false), description(client.bucket("again"), false));
    }

    @Test
    void versionsAndDeleteMarkers_comeBackInTheirOrder() {
        Bucket bucket = client.bucket("versioned");
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 4; round++) {
            fill(
                    bucket,
                    random,
                    AWKWARD.stream().filter(_ -> random.nextBoolean()).toList());
            AWKWARD.stream().filter(_ -> random.nextInt(5) == 0).forEach(key -> {
                String marker = bucket.deleteMarker(key);
                assertFalse(marker.isEmpty());
            });
        }
        backUp(word("versioned"));
        BucketRestore.Result result = restore("again");
        assertTrue(result.deleteMarkers() > 3, result::toString);
        assertEquals(description(bucket, true), description(client.bucket("again"), true));
    }

    @Test
    void unchangedObjects_areNotReadAgain() {
        Bucket bucket = client.bucket("versioned");
        fill(bucket, new SplittableRandom(3), AWKWARD);
        assertEquals(
                Integer.toString(AWKWARD.size()),
                backUp(word("versioned")).facts().get("read"));
        fill(bucket, new SplittableRandom(4), List.of("a", "new"));
        bucket.delete("..", Optional.empty());
        int before = server.requests().size();
        Cut second = backUp(word("versioned"));
        assertEquals("2", second.facts().get("read"), second::toString);
        long gets = server.requests().stream()
                .skip(before)
                .filter(line -> line.startsWith("GET") && line.contains("versionId"))
                .filter(line -> !line.contains("tagging"))
                .count();
        assertEquals(2, gets);
        restore("again");
        assertEquals(description(bucket, true), description(client.bucket("again"), true));
    }

    @Test
    void bucket_onABadLine_comesBackTheSame() {
        Bucket bucket = client.bucket("versioned");
        fill(bucket, new SplittableRandom(5), AWKWARD);
        var calls = new AtomicInteger();
        server.failWith((method, path) -> switch (calls.incrementAndGet() % 7) {
            case 2 -> Optional.of(new Fault.Says(500, "InternalError"));
            case 4 ->
                method.equals("PUT") && path.contains("/again/") && !path.contains("?")
                        ? Optional.of(new Fault.Drops(true))
                        : Optional.of(new Fault.Drops(false));
            default -> Optional.empty();
        });
        backUp(word("versioned"));
        restore("again");
        server.failWith((_, _) -> Optional.empty());
        assertEquals(description(bucket, true), description(client.bucket("again"), true));
    }

    @Test
    void prefix_isABucketOfItsOwn() {
        Bucket bucket = client.bucket("plain");
        fill(bucket, new SplittableRandom(6), List.of("in/a", "in/b", "out/c"));
        assertEquals("2", backUp(word("plain") + "/in").facts().get("objects"));
        assertEquals("3", backUp(word("plain")).facts().get("read"), "a part is no earlier copy of the whole");
    }

    @Test
    void bucket_thatIsNotEmpty_isNotRestoredInto() {
        fill(client.bucket("plain"), new SplittableRandom(7), List.of("a"));
        backUp(word("plain"));
        String said =
                assertThrows(SourceFault.Refused.class, () -> restore("plain")).getMessage();
        assertTrue(said.contains("not empty"), said);
    }

    @Test
    void bucket_absentOrClosed_saysWhatToDo() {
        assertThrows(SourceFault.Refused.class, () -> backUp(word("none")));
        server.failWith((_, _) -> Optional.of(new Fault.Says(403, "AccessDenied")));
        String said = assertThrows(SourceFault.Refused.class, () -> backUp(word("plain")))
                .getMessage();
        assertTrue(said.contains("permission"), said);
        String secret = "hunter2-secret";
        var refused = assertThrows(
                SourceFault.Refused.class,
                () -> BucketSource.open("s3://key:" + secret + "@host/bucket", KEYS, Clock.system()));
        assertFalse(refused.getMessage().contains(secret));
    }
}
