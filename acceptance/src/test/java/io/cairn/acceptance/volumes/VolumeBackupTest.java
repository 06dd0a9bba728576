package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.Shell;
import io.cairn.backup.Taken;
import io.cairn.backup.volume.DaemonVolumes;
import io.cairn.backup.volume.VolumeSource;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.LocalDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A volume on a pool of XFS that is written to while it is backed up, twice, and made again from the repository. */
@Tag("acceptance")
final class VolumeBackupTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int PAGE = 64 << 10;

    @TempDir
    Path root;

    @TempDir
    Path disks;

    private VolumeDaemon cairn;
    private Path pool;
    private Repository repository;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Shell.canMount(), "loop devices and mounts need root and losetup");
        assumeTrue(
                Files.exists(Path.of("/sbin/mkfs.xfs")) || Files.exists(Path.of("/usr/sbin/mkfs.xfs")), "no mkfs.xfs");
        pool = Files.createDirectory(disks.resolve("pool"));
        Path disk = disks.resolve("disk");
        String _ = Shell.run("truncate", "-s", "2G", disk.toString());
        String _ = Shell.run("mkfs.xfs", "-q", "-m", "reflink=1", disk.toString());
        String _ = Shell.run("mount", "-o", "loop", disk.toString(), pool.toString());
        cairn = VolumeDaemon.start(root.resolve("cairn"), pool.resolve("data"));
        repository = Repository.create(
                new LocalDirectory(root.resolve("repo"), Entropy.secure()),
                new byte[] {1},
                Actor.thisProcess(Clock.system(), Entropy.secure()));
    }

    @AfterEach
    void stop() {
        if (cairn != null) {
            cairn.close();
        }
        if (pool != null) {
            String _ = Shell.run("umount", pool.toString());
        }
    }

    private Taken backUp() {
        var control = new DaemonVolumes(Path.of(cairn.control()));
        return VolumeSource.open("orders", control, Clock.system())
                .take(new Backup(repository, Progress.NONE, List.of(), Optional.empty()));
    }

    private static void write(Path file, long seed, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new SplittableRandom(seed).nextBytes(content);
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(content);
            out.getFD().sync();
        }
    }

    /** Writes into one file until told to stop, as a database would. */
    private static Thread load(Path file, AtomicBoolean stopped) {
        return Thread.ofPlatform().name("load").start(() -> {
            byte[] block = new byte[8 << 10];
            SplittableRandom random = new SplittableRandom(3);
            try (var out = new RandomAccessFile(file.toFile(), "rw")) {
                while (!stopped.get()) {
                    random.nextBytes(block);
                    out.seek((long) random.nextInt(256) * block.length);
                    out.write(block);
                    out.getFD().sync();
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    @Test
    void volume_underLoad_isBackedUpByItsChangesAndMadeAgain() throws Exception {
        String _ = cairn.volume("create", "orders", "-o", "size=256M", "-o", "fs=ext4");
        JsonNode shown;
        try (PluginClient docker = cairn.connect()) {
            Path mounted = docker.mount("orders", "a");
            write(mounted.resolve("kept"), 1, 40 * MEBIBYTE);
            Taken quiet = backUp();
            assertEquals("everything", quiet.cut().facts().get("read"));
            write(mounted.resolve("later"), 2, 4 * MEBIBYTE);
            Taken second = backUp();
            assertEquals("changes", second.cut().facts().get("read"));
            long changed = Long.parseLong(second.cut().facts().get("bytes"));
            assertTrue(changed >= 4 * MEBIBYTE && changed < 8 * MEBIBYTE, second.toString());
            // Each changed range may touch a page more at its ends than it fills.
            assertTrue(second.result().newBytes() >= 4 * MEBIBYTE, second.toString());
            assertTrue(second.result().newBytes() <= changed + 60L * PAGE, second.toString());
            AtomicBoolean stopped = new AtomicBoolean();
            Thread load = load(mounted.resolve("busy"), stopped);
            Taken busy = backUp();
            stopped.set(true);
            load.join();
            assertEquals("changes", busy.cut().facts().get("read"));
            shown = inspect("orders");
            docker.unmount("orders", "a");
        }
        assertTrue(!shown.path("lastBackup").isNull(), shown::toString);
        assertEquals(1, shown.path("snapshots").asInt());
        restored();
    }

    private JsonNode inspect(String volume) {
        return JsonMapper.builder()
                .build()
                .readTree(cairn.volume("inspect", volume, "--json"))
                .get(0);
    }

    /** As the manual says: a volume of the same size, and the image copied over its own. */
    private void restored() throws IOException {
        Path out = root.resolve("out");
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            var _ = reader.restore(Progress.NONE).into(repository.snapshot("latest"), "/volume/orders", out.toString());
        }
        String _ = Shell.run("e2fsck", "-f", "-n", out.resolve("image").toString());
        String _ = cairn.volume("create", "again", "-o", "size=256M", "-o", "fs=ext4");
        String id = inspect("again").path("id").asString();
        Path image = Path.of(Shell.run("find", cairn.pool().toString(), "-path", "*" + id + "/image")
                .strip());
        String _ = Shell.run("cp", "--sparse=always", out.resolve("image").toString(), image.toString());
        try (PluginClient docker = cairn.connect()) {
            Path mounted = docker.mount("again", "b");
            byte[] expected = new byte[40 * MEBIBYTE];
            new SplittableRandom(1).nextBytes(expected);
            assertArrayEquals(expected, Files.readAllBytes(mounted.resolve("kept")));
            byte[] later = new byte[4 * MEBIBYTE];
            new SplittableRandom(2).nextBytes(later);
            assertArrayEquals(later, Files.readAllBytes(mounted.resolve("later")));
            docker.unmount("again", "b");
        }
        String _ = cairn.volume("rm", "orders", "again", "--snapshots");
    }
}
