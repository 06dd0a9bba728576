package io.cairn.acceptance.drives;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.Shell;
import io.cairn.engine.Salvage;
import io.cairn.engine.Uploads;
import io.cairn.model.BucketName;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.server.SalvageRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All metadata is deleted, and comes back from the drives. */
@Tag("slow")
@Tag("acceptance")
final class SalvageTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PART = 5 << 20;

    @TempDir
    Path root;

    /** What stood in the store: rows and contents by key, and what was deleted. */
    private record Before(Map<String, ObjectRow> rows, Map<String, byte[]> contents, List<String> deleted) {}

    @ParameterizedTest
    @CsvSource({"1,'',0,false", "3,copies:3,0,true", "4,ec:2+2,0,false", "3,copies:3,1,false", "4,ec:2+2,1,true"})
    void salvage_allMetadataDeleted_bringsEveryObjectBack(
            int drives, String redundancy, int missing, boolean indexToo) {
        List<Path> data = directories(drives);
        Before before;
        try (TestNode node = TestNode.start(data, redundancy)) {
            before = fill(node);
            node.await("deletes are reclaimed", SOON, () -> node.store().reclaimsWaiting(1) == 0);
        }
        data.forEach(path -> {
            Shell.removeTree(path.resolve("meta"));
            if (indexToo) {
                Shell.removeTree(path.resolve("index"));
            }
        });
        for (int i = 0; i < missing; i++) {
            Shell.removeTree(data.get(i));
        }
        Salvage.Report report = SalvageRun.run(data, false, System.out::println);
        System.out.println(report);
        assertEquals(before.rows().size(), report.objects());
        assertEquals(2, report.buckets());
        assertEquals(0, report.incomplete());
        assertEquals(0, report.damagedLabels());
        assertEquals(1, report.unfinishedParts());
        try (TestNode node = TestNode.start(data, "")) {
            check(node, before);
            byte[] fresh = Content.bytes("fresh", 1, 400_000);
            ObjectRow _ = node.client("full").put("fresh", fresh);
            assertTrue(node.store().buckets().find(new BucketName("empty")).isPresent(), "the empty bucket is back");
        }
        try (TestNode node = TestNode.start(data, "")) {
            check(node, before);
            assertEquals(400_000, node.client("full").get("fresh").orElseThrow().length);
        }
    }

    private List<Path> directories(int count) {
        List<Path> data = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            data.add(root.resolve("d" + i));
        }
        return data;
    }

    private static Before fill(TestNode node) {
        Client _ = node.client("empty");
        Client client = node.client("full");
        Map<String, byte[]> contents = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            int length = i % 3 == 0 ? i * 37 : i % 3 == 1 ? 200_000 + i : 900_000 + i * 50_000;
            contents.put("a/" + i, Content.bytes("a/" + i, 1, length));
        }
        contents.forEach(client::put);
        for (int i = 0; i < 20; i++) {
            byte[] newer = Content.bytes("a/" + i, 2, 300_000 + i);
            contents.put("a/" + i, newer);
            ObjectRow _ = client.put("a/" + i, newer);
        }
        contents.put("parts", Content.bytes("parts", 1, 2 * PART + 12_345));
        ObjectRow _ = client.putParts("parts", contents.get("parts"), PART);
        List<String> deleted = new ArrayList<>();
        for (int i = 40; i < 50; i++) {
            client.delete("a/" + i);
            contents.remove("a/" + i);
            deleted.add("a/" + i);
        }
        var begun = (Uploads.Begun.Started) node.store()
                .uploads()
                .begin(
                        client.bucket(),
                        new ObjectKey("unfinished"),
                        "owner",
                        Client.HEADERS,
                        Optional.empty(),
                        Optional.empty());
        var _ = client.putPart(begun, 1, Content.bytes("unfinished", 1, 100_000));
        Map<String, ObjectRow> rows = new TreeMap<>();
        contents.keySet().forEach(key -> rows.put(key, client.find(key).orElseThrow()));
        return new Before(rows, contents, deleted);
    }

    /** Which upload made an object is known to the index alone. */
    private static ObjectRow asOnDrives(ObjectRow row) {
        return new ObjectRow(
                row.key(),
                row.size(),
                row.etag(),
                row.modified(),
                row.headers(),
                row.checksum(),
                row.parts(),
                row.seal());
    }

    private static void check(TestNode node, Before before) {
        Client client = node.client("full");
        before.rows().forEach((key, row) -> {
            assertEquals(asOnDrives(row), client.find(key).orElseThrow(), key);
            assertArrayEquals(before.contents().get(key), client.get(key).orElseThrow(), key);
        });
        before.deleted().forEach(key -> assertTrue(client.find(key).isEmpty(), key + " stays deleted"));
    }

    @Test
    void salvage_aDriveMissedDeletes_keepsThemDeleted() {
        List<Path> data = directories(4);
        try (TestNode node = TestNode.start(data, "copies:3")) {
            Client client = node.client("full");
            for (int i = 0; i < 40; i++) {
                ObjectRow _ = client.put("k" + i, Content.bytes("k" + i, 1, 2000));
            }
        }
        Path away = root.resolve("away");
        String _ = Shell.run("mv", data.get(3).toString(), away.toString());
        try (TestNode node = TestNode.start(data, "")) {
            for (int i = 0; i < 40; i++) {
                node.client("full").delete("k" + i);
            }
            String _ = Shell.run("mv", away.toString(), data.get(3).toString());
            node.await("the drive is back", SOON, () -> node.in(data.get(3)));
            node.await("reclaimed there too", SOON, () -> node.store().reclaimsWaiting(1) == 0);
        }
        data.forEach(path -> {
            Shell.removeTree(path.resolve("meta"));
        });
        assertEquals(0, SalvageRun.run(data, false, _ -> {}).objects());
    }

    /** The figure of docs/drives.md: {@code -Dsalvage.objects=100000}. */
    @Test
    void salvage_manyObjects_takesSeconds() throws InterruptedException {
        int objects = Integer.getInteger("salvage.objects", 3000);
        List<Path> data = directories(1);
        try (TestNode node = TestNode.start(data, "")) {
            putMany(node.client("full"), objects);
        }
        Shell.removeTree(data.getFirst().resolve("meta"));
        long begun = System.nanoTime();
        Salvage.Report report = SalvageRun.run(data, false, _ -> {});
        System.out.println(
                "salvage of " + objects + " objects of 1 KiB took " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        assertEquals(objects, report.objects());
        assertTrue(Files.exists(data.getFirst().resolve("meta")));
    }

    private static void putMany(Client client, int objects) throws InterruptedException {
        int threads = 64;
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            int first = i;
            Thread.ofVirtual().start(() -> {
                for (int number = first; number < objects; number += threads) {
                    ObjectRow _ = client.put("n/" + number, Content.bytes("n", number, 1024));
                }
                done.countDown();
            });
        }
        done.await();
    }
}
