package io.cairn.acceptance.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import io.cairn.backup.Cut;
import io.cairn.backup.bucket.BucketRestore;
import io.cairn.backup.bucket.BucketSource;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.client.Attributes;
import io.cairn.client.Body;
import io.cairn.client.Bucket;
import io.cairn.client.Listed;
import io.cairn.client.ObjectContent;
import io.cairn.client.Patience;
import io.cairn.client.S3Client;
import io.cairn.client.S3Place;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.LocalDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buckets of our own store as sources, and back into it. */
@Tag("acceptance")
final class BucketBackupTest {
    private static final long SEED = 20261122;
    private static final List<String> PIECES =
            List.of("a", "b", "/", "/", "//", ".", "..", "%", "%2F", "ü", "🪨", " ", "+", "&", "x".repeat(120));

    @TempDir
    private static Path scratch;

    private static RunningCairn store;
    private static Map<String, String> environment = Map.of();
    private static S3Client client;
    private static Repository repository;

    @BeforeAll
    static void start() {
        store = RunningCairn.on(scratch.resolve("drive")).start();
        environment = Map.of("AWS_ACCESS_KEY_ID", store.accessKey(), "AWS_SECRET_ACCESS_KEY", store.secretKey());
        S3Place place = S3Place.parse(word("any"));
        client = place.client(place.credentials(environment), environment, Patience.USUAL);
        repository = Repository.create(
                new LocalDirectory(scratch.resolve("repo"), Entropy.secure()),
                "password".getBytes(StandardCharsets.UTF_8),
                Actor.thisProcess(Clock.system(), Entropy.secure()));
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            client.close();
        }
        if (store != null) {
            store.close();
        }
    }

    private static String word(String bucket) {
        return "s3:" + store.s3() + "/" + bucket;
    }

    private static Cut backUp(String bucket) {
        List<Cut> cut = new ArrayList<>();
        try (BucketSource source = BucketSource.open(word(bucket), environment, Clock.system())) {
            Backup.Result _ = new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                    .tree(source.name().paths(), tree -> cut.add(source.store(tree)));
        }
        return cut.getFirst();
    }

    private static void restore(String bucket) {
        try (SnapshotReader reader = SnapshotReader.open(repository);
                BucketRestore restore = BucketRestore.open(reader, Progress.NONE, word(bucket), environment)) {
            BucketRestore.Result _ = restore.run(repository.snapshot("latest"));
        }
    }

    private static Set<String> keys(SplittableRandom random, int count) {
        Set<String> keys = new HashSet<>();
        while (keys.size() < count) {
            StringBuilder key = new StringBuilder();
            int pieces = 1 + random.nextInt(7);
            for (int i = 0; i < pieces; i++) {
                key.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            keys.add(key.toString());
        }
        keys.add("k".repeat(1024));
        return keys;
    }

    private static void put(Bucket bucket, String key, SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(60_000)];
        random.nextBytes(bytes);
        Attributes attributes = new Attributes(
                Map.of("content-type", "image/x" + random.nextInt(9), "cache-control", "max-age=" + random.nextInt(9)),
                Map.of("name", "größe " + random.nextInt(100)),
                Map.of(),
                Optional.empty());
        bucket.put(key, Body.of(bytes), attributes);
    }

    private static List<String> description(Bucket bucket) {
        List<String> lines = new ArrayList<>();
        bucket.list("", "").forEachRemaining(page -> {
            for (Listed entry : page) {
                lines.add(entry.key() + " " + entry.etag() + " " + entry.size() + " "
                        + bucket.head(entry.key(), Optional.empty())
                                .orElseThrow()
                                .attributes());
            }
        });
        return lines;
    }

    @Test
    void bucket_withAwkwardKeys_comesBackTheSame() {
        SplittableRandom random = new SplittableRandom(SEED);
        Bucket bucket = client.bucket("awkward");
        bucket.create();
        Set<String> keys = keys(random, 150);
        keys.forEach(key -> put(bucket, key, random));
        Cut first = backUp("awkward");
        assertEquals(Integer.toString(keys.size()), first.facts().get("objects"));
        restore("awkward-again");
        assertEquals(description(bucket), description(client.bucket("awkward-again")));
        put(bucket, keys.iterator().next(), random);
        Cut second = backUp("awkward");
        assertEquals("1", second.facts().get("read"), () -> first + "\n" + second);
    }

    private static String cairn(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--repo",
                word("kept/repo"),
                "--password-file",
                scratch.resolve("password").toString()));
        RunningCairn.Ended ended = RunningCairn.command(environment, all);
        assertFalse(ended.output().contains(store.secretKey()), "the secret key was shown");
        assertEquals(0, ended.status(), () -> all + ": " + ended.output());
        return ended.output();
    }

    @Test
    void commands_asInTheManual_backUpAndRestoreABucket() throws IOException {
        Files.writeString(scratch.resolve("password"), "correct horse battery staple\n");
        Bucket bucket = client.bucket("manual");
        bucket.create();
        SplittableRandom random = new SplittableRandom(SEED + 3);
        keys(random, 20).forEach(key -> put(bucket, key, random));
        cairn("repo", "init");
        cairn("backup", "run", "--source", word("manual"));
        cairn("backup", "restore", "latest", "--to", word("manual-again"));
        assertEquals(description(bucket), description(client.bucket("manual-again")));
        String target = scratch.resolve("files").toString();
        cairn("backup", "restore", "latest", "--target", target);
        assertTrue(Files.isDirectory(Path.of(target, "bucket")));
    }

    @Test
    void bucket_writtenMeanwhile_hasWholeObjectsAndMissesNone() throws Exception {
        Bucket bucket = client.bucket("busy");
        bucket.create();
        SplittableRandom random = new SplittableRandom(SEED + 1);
        List<String> steady = List.copyOf(keys(random, 80));
        for (String key : steady) {
            put(bucket, key, random);
        }
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> overwrite(bucket, enough));
        try {
            backUp("busy");
        } finally {
            enough.set(true);
            writer.join();
        }
        restore("busy-again");
        Bucket again = client.bucket("busy-again");
        for (String key : steady) {
            assertEquals(
                    bucket.head(key, Optional.empty()).orElseThrow().etag(),
                    again.head(key, Optional.empty()).orElseThrow().etag(),
                    key);
        }
        again.list("m/", "").forEachRemaining(page -> page.forEach(entry -> assertWhole(again, entry.key())));
    }

    /** Objects of one byte again and again, which their metadata tells, replaced and deleted. */
    private static void overwrite(Bucket bucket, AtomicBoolean enough) {
        SplittableRandom random = new SplittableRandom(SEED + 2);
        while (!enough.get()) {
            String key = "m/" + random.nextInt(40);
            if (random.nextInt(4) == 0) {
                bucket.delete(key, Optional.empty());
            } else {
                byte[] bytes = new byte[1 + random.nextInt(200_000)];
                byte value = (byte) random.nextInt(100);
                Arrays.fill(bytes, value);
                Map<String, String> metadata = Map.of("value", Byte.toString(value));
                bucket.put(key, Body.of(bytes), new Attributes(Map.of(), metadata, Map.of(), Optional.empty()));
            }
        }
    }

    private static void assertWhole(Bucket bucket, String key) {
        try (ObjectContent content = bucket.get(key, Optional.empty()).orElseThrow()) {
            byte told = Byte.parseByte(content.head().attributes().metadata().getOrDefault("value", "-1"));
            for (byte b : content.stream().readAllBytes()) {
                assertTrue(b == told, key + " is a mixture");
            }
        } catch (IOException fault) {
            throw new java.io.UncheckedIOException(fault);
        }
    }
}
