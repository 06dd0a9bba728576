package io.cairn.acceptance.drives;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.RunningCairn.Ended;
import io.cairn.acceptance.Shell;
import io.cairn.acceptance.crash.S3Client;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two drives, of which the one with the only member of the metadata log is lost: what is said, and the way back. */
@Tag("acceptance")
final class TwoDrivesTest {
    private static final String ACCESS_KEY = "CAIRNTWODRIVES";
    private static final String SECRET_KEY = "the-way-back-is-salvage";
    private static final int OBJECTS = 20;

    @TempDir
    Path root;

    private static byte[] content(int number) {
        return Content.bytes("k" + number, 1, number * 40_000);
    }

    @Test
    void driveWithTheMetadata_lost_isNamedBeforeAndAfter_andSalvageBringsEveryObjectBack() throws IOException {
        Path first = root.resolve("first");
        Path second = root.resolve("second");
        try (RunningCairn cairn = start(first, second)) {
            Ended well = cairn.cairn("status");
            assertEquals(0, well.status(), well.output());
            assertTrue(well.output().contains("the metadata has one copy"), well.output());
            fill(cairn);
            Shell.removeTree(first);
            TestNode.await(
                    "the loss is told with the command that helps",
                    Duration.ofSeconds(40),
                    () -> cairn.cairn("status").output().contains("cairn salvage --data"),
                    () -> cairn.cairn("status").output());
            assertEquals(1, cairn.cairn("status").status());
            try (S3Client client = client(cairn)) {
                assertEquals(503, client.get("/two/k1").status());
            }
        }
        Ended refused = RunningCairn.on(first, second).startRefused();
        assertEquals(1, refused.status(), refused.output());
        assertTrue(refused.output().contains("cairn salvage --data"), refused.output());
        Ended salvage = RunningCairn.command(Map.of(), List.of("salvage", "--data", second.toString()));
        assertEquals(0, salvage.status(), salvage.output());
        try (RunningCairn cairn = start(second)) {
            check(cairn);
            Path third = root.resolve("third");
            String _ = Shell.run("mkdir", third.toString());
            Ended added = cairn.cairn("drive", "add", third.toString());
            assertEquals(0, added.status(), added.output());
            check(cairn);
        }
    }

    private static RunningCairn start(Path... data) {
        return RunningCairn.on(data).rootKey(ACCESS_KEY, SECRET_KEY).start();
    }

    private static S3Client client(RunningCairn cairn) {
        return new S3Client(cairn.s3(), ACCESS_KEY, SECRET_KEY);
    }

    private static void fill(RunningCairn cairn) throws IOException {
        try (S3Client client = client(cairn)) {
            S3Bucket bucket = S3Bucket.of(client, "two");
            for (int i = 0; i < OBJECTS; i++) {
                bucket.put("k" + i, content(i));
            }
        }
    }

    private static void check(RunningCairn cairn) {
        try (S3Client client = client(cairn)) {
            S3Bucket bucket = new S3Bucket(client, "two");
            for (int i = 0; i < OBJECTS; i++) {
                assertArrayEquals(content(i), bucket.get("k" + i).orElseThrow(), "object " + i);
            }
        }
    }
}
