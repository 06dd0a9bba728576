package io.cairn.acceptance.drives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.LoopDrive;
import io.cairn.acceptance.RunningCairn;
import io.cairn.acceptance.Shell;
import io.cairn.acceptance.crash.S3Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The real daemon on four drives, loaded by S3 requests; one drive is lost in each way that a drive can be. The short
 * form of {@link LostDriveTest}, from the outside.
 */
@Tag("slow")
@Tag("acceptance")
final class LostDriveOverHttpTest {
    private static final Duration NOTICED = Duration.ofSeconds(40);
    private static final int MORE = 20;
    private static final int MEBIBYTES = 1200;
    private static final String ACCESS_KEY = "CAIRNDRIVETESTS";
    private static final String SECRET_KEY = "nothing-acknowledged-is-lost";

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "DELETED,copies:3,0",
        "FILLED,copies:3,1",
        "READ_ONLY,copies:3,2",
        "UNMOUNTED,copies:3,1",
        "DELETED,ec:2+2,2",
        "FILLED,ec:2+2,0",
        "READ_ONLY,ec:2+2,1",
        "UNMOUNTED,ec:2+2,0"
    })
    void drive_lostUnderLoad_costsNothingThatWasAnswered(DriveLoss loss, String redundancy, int victim)
            throws IOException {
        assumeTrue(Shell.canMount(), "mounting small file systems needs root and losetup");
        List<LoopDrive> drives = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                drives.add(new LoopDrive(root, "d" + i, MEBIBYTES));
            }
            Path[] data = drives.stream().map(LoopDrive::data).toArray(Path[]::new);
            try (RunningCairn cairn = RunningCairn.on(data)
                    .with("--redundancy", redundancy)
                    .rootKey(ACCESS_KEY, SECRET_KEY)
                    .start()) {
                Load load = loseUnderLoad(cairn, loss, drives.get(victim), victim);
                System.out.println(loss + " " + redundancy + ": " + load);
                restart(cairn, load);
            }
        } finally {
            drives.forEach(LoopDrive::close);
        }
    }

    private static Load loseUnderLoad(RunningCairn cairn, DriveLoss loss, LoopDrive victim, int seed)
            throws IOException {
        try (S3Client client = new S3Client(cairn.s3(), ACCESS_KEY, SECRET_KEY)) {
            S3Bucket bucket = S3Bucket.of(client, "load");
            Load load = new Load(bucket, seed);
            try (load) {
                Load _ = load.start(4, 2);
                pause(2);
                loss.strike(victim);
                TestNode.await(
                        "the loss is noticed",
                        NOTICED,
                        () -> health(cairn).contains(victim.data() + ":")
                                || health(cairn).contains(victim.data() + " is not open"),
                        () -> health(cairn));
                long before = load.writes();
                TestNode.await("writes go on", NOTICED, () -> load.writes() > before + MORE, load::toString);
                pause(1);
            }
            assertEquals(List.of(), load.readFailures());
            assertEquals(List.of(), load.writeFailures());
            assertEquals(List.of(), load.wrong(bucket));
            return load;
        }
    }

    /** Killed and started without the drive: the daemon that comes knows everything too. */
    private static void restart(RunningCairn cairn, Load load) throws IOException {
        cairn.kill();
        try (RunningCairn again = cairn.again();
                S3Client client = new S3Client(again.s3(), ACCESS_KEY, SECRET_KEY)) {
            assertEquals(List.of(), load.wrong(new S3Bucket(client, "load")));
        }
    }

    private static void pause(int seconds) {
        LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
    }

    private static String health(RunningCairn cairn) {
        try {
            var connection =
                    (HttpURLConnection) cairn.admin().resolve("/health").toURL().openConnection();
            String pair = ACCESS_KEY + ":" + SECRET_KEY;
            connection.setRequestProperty(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
            try (var report =
                    connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new String(report.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        }
    }
}
