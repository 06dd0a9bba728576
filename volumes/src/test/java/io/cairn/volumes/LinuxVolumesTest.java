package io.cairn.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.host.BlockDevice;
import io.cairn.host.FilesystemKind;
import io.cairn.host.Host;
import io.cairn.host.MakeOptions;
import io.cairn.host.MountOptions;
import io.cairn.host.crypt.FscryptDirectories;
import io.cairn.host.crypt.LuksEncryption;
import io.cairn.host.linux.LinuxFilesystems;
import io.cairn.host.linux.LinuxImageFiles;
import io.cairn.host.linux.LinuxLoopDevices;
import io.cairn.host.linux.LinuxMountTable;
import io.cairn.volumes.keys.KeyProvider;
import io.cairn.volumes.keys.KeySource;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeName;
import io.cairn.volumes.spec.VolumesConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes on the Linux that the test runs on, on a pool of XFS made for it. Leaves nothing behind. */
@Tag("acceptance")
final class LinuxVolumesTest {
    private static final VolumeName V = new VolumeName("orders");
    private static final HolderId A = new HolderId("a");
    private static final HolderId B = new HolderId("b");
    private static final int BLOCK = 4096;

    @TempDir
    Path temp;

    private final Host host = new Host(
            new LinuxLoopDevices(),
            new LinuxMountTable(),
            new LinuxFilesystems(Clock.system()),
            new LinuxImageFiles(),
            new LuksEncryption(),
            new FscryptDirectories(),
            new NoThrottle());
    private Path disk;
    private Path poolMount;
    private KeyProvider keys;
    private Volumes volumes;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(isRoot(), "loop devices and mounts need root");
        disk = temp.resolve("pool.img");
        poolMount = Files.createDirectory(temp.resolve("pool-mount"));
        host.images().create(disk, ByteCount.gibibytes(6), false);
        BlockDevice loop = host.loops().attach(disk, true);
        host.filesystems().make(FilesystemKind.XFS, loop, MakeOptions.DEFAULTS);
        host.mounts().mount(loop.node().toString(), poolMount, "xfs", MountOptions.DEFAULTS);
        keys = new KeySource.KeyFile(temp.resolve("master.key")).open(Clock.system(), Entropy.secure());
        volumes = open();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private Volumes open() {
        return Volumes.open(
                VolumesOptions.of(
                        temp.resolve("state"), temp.resolve("mnt"), VolumesConfig.shipped(poolMount.resolve("pool"))),
                host,
                keys,
                Clock.system(),
                Entropy.secure());
    }

    @AfterEach
    void stop() throws IOException {
        if (volumes == null) {
            return;
        }
        for (VolumeView each : volumes.list()) {
            for (String holder :
                    volumes.status(each.name()).orElseThrow().holders().keySet()) {
                while (volumes.status(each.name()).orElseThrow().holders().containsKey(holder)) {
                    done(volumes.release(each.name(), new HolderId(holder)));
                }
            }
            done(volumes.remove(each.name(), true));
        }
        volumes.close();
        keys.close();
        host.mounts().unmount(poolMount);
        host.loops().holding(disk).ifPresent(loop -> host.loops().detach(loop.device()));
        List<String> left = host.mounts().entries().stream()
                .map(mount -> mount.target().toString())
                .filter(target -> target.startsWith(temp.toString()))
                .toList();
        assertEquals(List.of(), left);
        assertEquals(
                List.of(),
                host.loops().all().stream()
                        .filter(loop -> loop.backingName().startsWith(temp.toString()))
                        .toList());
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Refused<T>(Refusal refusal) -> throw new AssertionError(refusal);
        };
    }

    private static Refusal refused(Outcome<?> outcome) {
        return outcome.whenRefused().orElseThrow(() -> new AssertionError("done: " + outcome));
    }

    @Test
    void volume_createdHeldAndReopened_keepsItsFiles() throws IOException {
        for (String fs : List.of("ext4", "xfs")) {
            VolumeName name = new VolumeName("v-" + fs);
            VolumeView view = done(volumes.create(name, Map.of("size", "768M", "fs", fs)));
            Path mountpoint = done(volumes.hold(name, A)).mountpoint();
            assertEquals(view.mountpoint(), mountpoint);
            try (var entries = Files.list(mountpoint)) {
                assertEquals(0, entries.count(), "no lost+found");
            }
            Files.writeString(mountpoint.resolve("file"), "hello");
            var options = host.mounts().at(mountpoint.getParent()).orElseThrow();
            assertTrue(options.superOptions().contains("discard"), options.toString());
            assertTrue(done(volumes.release(name, A)).unmounted());
            assertFalse(Files.exists(mountpoint));
            assertEquals(1, done(volumes.hold(name, B)).count());
            assertEquals("hello", Files.readString(mountpoint.resolve("file")));
            VolumeStatus status = volumes.status(name).orElseThrow();
            long usable = status.usage().orElseThrow().size().bytes();
            assertTrue(usable > 0.85 * ByteCount.mebibytes(768).bytes(), fs + " has " + usable);
        }
    }

    @Test
    void volume_full_harmsNobodyElse() throws IOException {
        done(volumes.create(V, Map.of("size", "64M")));
        Path mountpoint = done(volumes.hold(V, A)).mountpoint();
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 1);
        int written = 0;
        try (RandomAccessFile file =
                new RandomAccessFile(mountpoint.resolve("big").toFile(), "rw")) {
            while (written < 100) {
                file.write(block);
                file.getFD().sync();
                written++;
            }
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("No space"), full.toString());
        }
        assertTrue(written >= 0.8 * 64 && written <= 64, written + " MiB of 64");
    }

    @Test
    void process_killed_leavesWhatTheNextOnePutsRight() throws IOException {
        done(volumes.create(V, Map.of("size", "64M")));
        Path mountpoint = done(volumes.hold(V, A)).mountpoint();
        Files.writeString(mountpoint.resolve("file"), "kept");
        volumes.close();
        volumes = open();
        assertEquals("kept", Files.readString(mountpoint.resolve("file")));
        assertEquals(1, volumes.find(V).orElseThrow().holders());
        assertEquals(Refusal.Reason.IN_USE, refused(volumes.remove(V, false)).reason());
        assertTrue(done(volumes.release(V, A)).unmounted());
    }

    @Test
    void resize_whileMountedAndNot_grows() {
        for (String fs : List.of("ext4", "xfs")) {
            VolumeName name = new VolumeName("v-" + fs);
            done(volumes.create(name, Map.of("size", "768M", "fs", fs)));
            assertEquals(
                    Optional.empty(),
                    done(volumes.resize(name, ByteCount.mebibytes(900))).pending());
            done(volumes.hold(name, A));
            long before = usable(name);
            assertTrue(before > ByteCount.mebibytes(770).bytes(), fs + " has " + before);
            Resized resized = done(volumes.resize(name, ByteCount.gibibytes(1)));
            if (resized.pending().isPresent()) {
                // Without CAP_SYS_RESOURCE a mounted ext4 cannot grow.
                assertEquals("ext4", fs);
                done(volumes.release(name, A));
                done(volumes.hold(name, A));
            }
            assertTrue(usable(name) > ByteCount.mebibytes(870).bytes(), fs + " has " + usable(name));
        }
    }

    private long usable(VolumeName name) {
        return volumes.status(name).orElseThrow().usage().orElseThrow().size().bytes();
    }

    @Test
    void snapshots_underUse_areConsistentAndTellTheirChanges() throws IOException {
        done(volumes.create(V, Map.of("size", "64M")));
        Path file = done(volumes.hold(V, A)).mountpoint().resolve("file");
        byte[] content = new byte[8 << 20];
        new SplittableRandom(7).nextBytes(content);
        Files.write(file, content);
        SnapshotView first = done(volumes.snapshot(V, new SnapshotName("one"), Duration.ofSeconds(5)));
        assertTrue(first.shared() && first.frozen().toMillis() < 1000, first.toString());
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < 50; i++) {
                random.seek((long) i * 37 * BLOCK);
                random.write(new byte[BLOCK]);
            }
        }
        done(volumes.snapshot(V, new SnapshotName("two"), Duration.ofSeconds(5)));
        Changes changes = done(volumes.changes(V, Optional.of(new SnapshotName("one")), new SnapshotName("two")));
        assertTrue(changes.exact());
        assertChangesAreThoseOfTheContent(changes);
        done(volumes.release(V, A));
        done(volumes.rollback(V, new SnapshotName("one")));
        assertEquals(
                -1,
                Arrays.mismatch(
                        content,
                        Files.readAllBytes(done(volumes.hold(V, A)).mountpoint().resolve("file"))));
    }

    /** An image that shares blocks is attached with larger sectors: its filesystem must fit them. */
    @Test
    void volume_withASnapshot_isMountedAgain() throws IOException {
        for (String fs : List.of("ext4", "xfs")) {
            VolumeName name = new VolumeName("v-" + fs);
            done(volumes.create(name, Map.of("size", "768M", "fs", fs)));
            Files.writeString(done(volumes.hold(name, A)).mountpoint().resolve("file"), "kept");
            done(volumes.snapshot(name, new SnapshotName("s"), Duration.ofSeconds(5)));
            done(volumes.release(name, A));
            assertEquals(
                    "kept",
                    Files.readString(done(volumes.hold(name, A)).mountpoint().resolve("file")));
        }
    }

    /** Compares the two files block by block with what the extent maps said. */
    private void assertChangesAreThoseOfTheContent(Changes changes) throws IOException {
        Path snapshots = changes.image().getParent();
        Path other;
        try (var files = Files.list(snapshots)) {
            other = files.filter(path -> !path.equals(changes.image()))
                    .findFirst()
                    .orElseThrow();
        }
        int missed = 0;
        int changed = 0;
        try (RandomAccessFile a = new RandomAccessFile(other.toFile(), "r");
                RandomAccessFile b = new RandomAccessFile(changes.image().toFile(), "r")) {
            byte[] left = new byte[BLOCK];
            byte[] right = new byte[BLOCK];
            for (long at = 0; at < changes.size(); at += BLOCK) {
                a.readFully(left);
                b.readFully(right);
                long offset = at;
                boolean named =
                        changes.ranges().stream().anyMatch(range -> range.offset() <= offset && offset < range.end());
                boolean differs = !Arrays.equals(left, right);
                changed += differs ? 1 : 0;
                missed += differs && !named ? 1 : 0;
            }
        }
        assertEquals(0, missed);
        assertTrue(changed >= 50, "only " + changed + " blocks changed");
        assertTrue(changes.bytes() <= 2L * changed * BLOCK, changes.bytes() + " bytes for " + changed + " blocks");
    }

    @Test
    void clone_ofALiveVolume_standsOnItsOwn() throws IOException {
        for (String fs : List.of("ext4", "xfs")) {
            VolumeName original = new VolumeName("o-" + fs);
            VolumeName copy = new VolumeName("c-" + fs);
            done(volumes.create(original, Map.of("size", "768M", "fs", fs)));
            Path mountpoint = done(volumes.hold(original, A)).mountpoint();
            Files.writeString(mountpoint.resolve("file"), "one");
            done(volumes.create(copy, Map.of("from", original.text(), "size", "1G")));
            Files.writeString(mountpoint.resolve("file"), "two");
            Path clone = done(volumes.hold(copy, A)).mountpoint();
            assertEquals("one", Files.readString(clone.resolve("file")));
            assertTrue(usable(copy) > ByteCount.mebibytes(870).bytes());
        }
    }

    @Test
    void thick_volume_staysThick() throws IOException {
        done(volumes.create(V, Map.of("size", "64M", "thick", "true")));
        long size = ByteCount.mebibytes(64).bytes();
        assertEquals(size, volumes.status(V).orElseThrow().allocated().bytes());
        Path mountpoint = done(volumes.hold(V, A)).mountpoint();
        Files.write(mountpoint.resolve("file"), new byte[16 << 20]);
        Files.delete(mountpoint.resolve("file"));
        done(volumes.snapshot(V, new SnapshotName("s"), Duration.ofSeconds(5)));
        assertEquals(Refusal.Reason.NOT_SUPPORTED, refused(volumes.trim(V)).reason());
        await(() -> volumes.status(V).orElseThrow().warnings().isEmpty());
        assertTrue(volumes.status(V).orElseThrow().allocated().bytes() >= size);
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited too long");
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void trim_givesBackWhatWasDeleted() throws IOException {
        done(volumes.create(V, Map.of("size", "256M", "mount", "nodiscard")));
        Path mountpoint = done(volumes.hold(V, A)).mountpoint();
        byte[] noise = new byte[64 << 20];
        new SplittableRandom(1).nextBytes(noise);
        Files.write(mountpoint.resolve("file"), noise);
        done(volumes.snapshot(V, new SnapshotName("s"), Duration.ofSeconds(5)));
        long full = volumes.status(V).orElseThrow().allocated().bytes();
        Files.delete(mountpoint.resolve("file"));
        done(volumes.trim(V));
        long trimmed = volumes.status(V).orElseThrow().allocated().bytes();
        assertTrue(full - trimmed > 50 << 20, full + " to " + trimmed);
    }

    @Test
    void encryption_withoutDeviceMapper_isRefusedOrReal() {
        Outcome<VolumeView> created = volumes.create(V, Map.of("size", "64M", "encrypted", "true"));
        switch (created) {
            case Outcome.Done<VolumeView>(VolumeView view) -> assertTrue(view.encrypted());
            case Outcome.Refused<VolumeView>(Refusal refusal) -> {
                assertEquals(Refusal.Reason.NOT_SUPPORTED, refusal.reason());
                assertEquals(List.of(), volumes.list());
            }
        }
    }

    @Test
    void device_empty_isFormattedOnlyWhenAskedAndNeverAgain() throws IOException {
        Path image = temp.resolve("device.img");
        host.images().create(image, ByteCount.mebibytes(64), false);
        BlockDevice device = host.loops().attach(image, true);
        try {
            Map<String, String> plain =
                    Map.of("type", "ext4", "device", device.node().toString(), "o", "noatime");
            assertEquals(
                    Refusal.Reason.INVALID, refused(volumes.create(V, plain)).reason());
            VolumeName first = new VolumeName("first");
            done(volumes.create(
                    first, Map.of("type", "ext4", "device", device.node().toString(), "format", "yes")));
            Files.writeString(done(volumes.hold(first, A)).mountpoint().resolve("file"), "theirs");
            done(volumes.release(first, A));
            done(volumes.remove(first, false));
            assertEquals(
                    Refusal.Reason.INVALID,
                    refused(volumes.create(
                                    V,
                                    Map.of(
                                            "type",
                                            "xfs",
                                            "device",
                                            device.node().toString(),
                                            "format",
                                            "yes")))
                            .reason());
            done(volumes.create(V, plain));
            assertEquals(
                    "theirs",
                    Files.readString(done(volumes.hold(V, A)).mountpoint().resolve("file")));
            done(volumes.release(V, A));
        } finally {
            host.loops().detach(device);
        }
    }

    @Test
    void bind_andMemory_areMountedAsTheyAre() throws IOException {
        Path shared = Files.createDirectory(temp.resolve("shared"));
        Files.writeString(shared.resolve("file"), "shared");
        VolumeName memory = new VolumeName("memory");
        done(volumes.create(V, Map.of("type", "none", "o", "bind,ro", "device", shared.toString())));
        done(volumes.create(memory, Map.of("class", "scratch", "size", "8M")));
        Path bound = done(volumes.hold(V, A)).mountpoint();
        assertEquals("shared", Files.readString(bound.resolve("file")));
        org.junit.jupiter.api.Assertions.assertThrows(
                IOException.class, () -> Files.writeString(bound.resolve("other"), "x"));
        Path scratch = done(volumes.hold(memory, A)).mountpoint();
        Files.writeString(scratch.resolve("file"), "gone soon");
        assertEquals(ByteCount.mebibytes(8).bytes(), usable(memory));
    }

    @Test
    void fscrypt_whereTheClassAllowsIt_hidesContents() throws IOException {
        assumeTrue(
                host.encryption().support() instanceof io.cairn.host.Support.Missing,
                "this host has device-mapper: LUKS2 is used");
        volumes.close();
        Path file = Files.writeString(temp.resolve("cairn.toml"), """
                [class.secret]
                encrypted = true
                allow-fscrypt = true
                size = "64M"
                """);
        VolumesConfig config = VolumesConfig.read(file, poolMount.resolve("pool"));
        volumes = Volumes.open(
                VolumesOptions.of(temp.resolve("state"), temp.resolve("mnt"), config),
                host,
                keys,
                Clock.system(),
                Entropy.secure());
        done(volumes.create(V, Map.of("class", "secret")));
        String plaintext = "a text that nobody may find ".repeat(1000);
        for (int i = 0; i < 2; i++) {
            Path mountpoint = done(volumes.hold(V, A)).mountpoint();
            if (i == 0) {
                Files.writeString(mountpoint.resolve("file"), plaintext);
            }
            assertEquals(plaintext, Files.readString(mountpoint.resolve("file")));
            done(volumes.release(V, A));
        }
        String encryption = volumes.status(V).orElseThrow().encryption();
        assertTrue(encryption.contains("fscrypt"), encryption);
        Path image = poolMount
                .resolve("pool")
                .resolve("volumes")
                .resolve(volumes.find(V).orElseThrow().id().text())
                .resolve("image");
        String raw = new String(Files.readAllBytes(image), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertFalse(raw.contains("nobody may find"));
        VolumeName copy = new VolumeName("copy");
        done(volumes.create(copy, Map.of("class", "secret", "from", "orders")));
        assertEquals(
                plaintext,
                Files.readString(done(volumes.hold(copy, A)).mountpoint().resolve("file")));
    }

    @Test
    void pool_unmounted_isNotTakenForAnEmptyOne() {
        done(volumes.create(V, Map.of("size", "64M")));
        volumes.close();
        BlockDevice loop = host.loops().holding(disk).orElseThrow().device();
        host.mounts().unmount(poolMount);
        volumes = open();
        assertEquals(
                Refusal.Reason.POOL_UNAVAILABLE,
                refused(volumes.create(V, Map.of("size", "64M"))).reason());
        assertFalse(Files.exists(poolMount.resolve("pool")));
        host.mounts().mount(loop.node().toString(), poolMount, "xfs", MountOptions.DEFAULTS);
        volumes.reconcile();
        assertTrue(volumes.find(V).isPresent());
    }
}
