package io.cairn.volumes;

import static io.cairn.volumes.SimulatedNode.A;
import static io.cairn.volumes.SimulatedNode.S;
import static io.cairn.volumes.SimulatedNode.V;
import static io.cairn.volumes.SimulatedNode.W;
import static io.cairn.volumes.SimulatedNode.done;
import static io.cairn.volumes.SimulatedNode.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.host.Enforcement;
import io.cairn.host.Support;
import io.cairn.testkit.Property;
import io.cairn.volumes.Refusal.Reason;
import io.cairn.volumes.keys.KeyFault;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.VolumeName;
import io.cairn.volumes.spec.VolumeOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What volumes answer, on a simulated kernel. */
final class VolumesTest {
    private static final HolderId B = new HolderId("b");
    private static final Map<String, String> OPTIONS = Map.of("size", "1G");
    private static final Duration BOUND = Duration.ofSeconds(1);

    @TempDir
    Path temp;

    private SimulatedNode node;

    @BeforeEach
    void start() {
        node = new SimulatedNode(temp);
    }

    @AfterEach
    void stop() {
        assertEquals(List.of(), node.kernel.violations);
        node.close();
        assertEquals(List.of(), node.kernel.frozen);
    }

    private Volumes volumes() {
        return node.volumes();
    }

    private static void refusedFor(Reason reason, String word, Outcome<?> outcome) {
        Refusal refusal = refused(outcome);
        assertEquals(reason, refusal.reason(), refusal.message());
        assertTrue(refusal.message().contains(word), refusal.message());
    }

    @Test
    void create_again_isTheSameOrRefused() {
        VolumeView first = done(volumes().create(V, OPTIONS));
        assertEquals(first, done(volumes().create(V, OPTIONS)));
        refusedFor(Reason.EXISTS, "other options", volumes().create(V, Map.of("size", "2G")));
        assertEquals(List.of(first), volumes().list());
    }

    @Test
    void create_byManyAtOnce_makesOne() throws InterruptedException {
        var made = new ConcurrentLinkedQueue<VolumeView>();
        var threads = java.util.stream.IntStream.range(0, 8)
                .mapToObj(_ ->
                        Thread.ofVirtual().start(() -> made.add(done(volumes().create(V, OPTIONS)))))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(8, made.size());
        assertEquals(1, made.stream().map(VolumeView::id).distinct().count());
        node.check();
    }

    @Test
    void hold_byOneIdTwice_asksForTwoReleases() {
        done(volumes().create(V, OPTIONS));
        assertEquals(1, done(volumes().hold(V, A)).count());
        assertEquals(2, done(volumes().hold(V, A)).count());
        assertEquals(new Released(1, false), done(volumes().release(V, A)));
        assertTrue(volumes().find(V).orElseThrow().mounted());
        assertEquals(new Released(0, true), done(volumes().release(V, A)));
        assertEquals(new Released(0, true), done(volumes().release(V, A)));
        node.check();
    }

    @Test
    void mountpoint_isTheSameForAllOfAVolumesLife() {
        Path mountpoint = done(volumes().create(V, OPTIONS)).mountpoint();
        assertEquals(mountpoint, done(volumes().hold(V, A)).mountpoint());
        node.restart(true);
        assertEquals(mountpoint, volumes().find(V).orElseThrow().mountpoint());
        assertEquals(mountpoint, done(volumes().hold(V, B)).mountpoint());
    }

    @Test
    void release_whileAContainerStillHasIt_unmountsWhenItIsGone() {
        done(volumes().create(V, OPTIONS));
        done(volumes().hold(V, A));
        node.startContainer("c", V);
        assertEquals(new Released(0, false), done(volumes().release(V, A)));
        refusedFor(Reason.IN_USE, "container c", volumes().remove(V, false));
        volumes().reconcile();
        assertTrue(volumes().find(V).orElseThrow().mounted());
        node.stopContainer("c");
        volumes().reconcile();
        assertFalse(volumes().find(V).orElseThrow().mounted());
        node.check();
        done(volumes().remove(V, false));
    }

    @Test
    void reference_leaked_isDroppedAfterThreeMinutesAndNotBefore() {
        done(volumes().create(V, OPTIONS));
        done(volumes().hold(V, A));
        node.passTime(Duration.ofMinutes(1));
        node.passTime(Duration.ofSeconds(170));
        assertEquals(1, volumes().find(V).orElseThrow().holders());
        node.passTime(Duration.ofSeconds(11));
        assertEquals(0, volumes().find(V).orElseThrow().holders());
        node.check();
    }

    @Test
    void reference_ofARunningContainer_isNeverDropped() {
        done(volumes().create(V, OPTIONS));
        done(volumes().hold(V, A));
        node.startContainer("c", V);
        for (int i = 0; i < 10; i++) {
            node.passTime(Duration.ofMinutes(1));
        }
        assertEquals(1, volumes().find(V).orElseThrow().holders());
        node.restart(false);
        assertEquals(1, volumes().find(V).orElseThrow().holders());
        refusedFor(Reason.IN_USE, "1 reference", volumes().remove(V, true));
    }

    @Test
    void reference_afterPowerLoss_isVoid() {
        done(volumes().create(V, OPTIONS));
        done(volumes().hold(V, A));
        node.restart(true);
        assertEquals(0, volumes().find(V).orElseThrow().holders());
        done(volumes().hold(V, A));
        done(volumes().release(V, A));
    }

    @Test
    void volume_thatIsNotThere_isNotFound() {
        refusedFor(Reason.NOT_FOUND, "no volume 'orders'", volumes().hold(V, A));
        refusedFor(Reason.NOT_FOUND, "orders", volumes().release(V, A));
        refusedFor(Reason.NOT_FOUND, "orders", volumes().remove(V, true));
        refusedFor(Reason.NOT_FOUND, "orders", volumes().create(W, Map.of("from", "orders")));
        assertEquals(Optional.empty(), volumes().find(V));
        assertEquals(Optional.empty(), volumes().status(V));
    }

    @Test
    void limits_thatTheKernelCannotHold_areRefused() {
        node.kernel.enforcement = new Enforcement.DirectOnly("/blkio");
        refusedFor(Reason.NOT_SUPPORTED, "limits=direct", volumes().create(V, Map.of("iops", "500")));
        done(volumes().create(V, Map.of("iops", "500", "limits", "direct")));
        String words = volumes().status(V).orElseThrow().enforcement();
        assertTrue(words.contains("direct I/O only"), words);
        node.kernel.enforcement = new Enforcement.Unavailable("no cgroups");
        refusedFor(Reason.NOT_SUPPORTED, "no cgroups", volumes().create(W, Map.of("iops", "500", "limits", "direct")));
    }

    @Test
    void limits_areInForceWhileMountedAndGoneAfterwards() {
        done(volumes().create(V, Map.of("size", "1G", "iops", "500")));
        assertEquals(0, node.kernel.rules.size());
        done(volumes().hold(V, A));
        assertEquals(1, node.kernel.rules.size());
        done(volumes().release(V, A));
        assertEquals(0, node.kernel.rules.size());
    }

    @Test
    void limits_afterARestart_areTakenUpAgain() {
        done(volumes().create(V, Map.of("size", "1G", "iops", "500")));
        done(volumes().hold(V, A));
        node.kernel.rules.clear();
        node.restart(false);
        assertEquals(1, node.kernel.rules.size());
        done(volumes().release(V, A));
        node.check();
    }

    @Test
    void encryption_withoutDeviceMapper_isRefusedWithTheReason() {
        node.kernel.luks = new Support.Missing("no device-mapper");
        refusedFor(Reason.NOT_SUPPORTED, "no device-mapper", volumes().create(V, Map.of("encrypted", "true")));
        node.check();
    }

    @Test
    void masterKey_lost_isReportedAsThat() throws IOException {
        done(volumes().create(V, Map.of("size", "1G", "encrypted", "true")));
        Files.delete(temp.resolve("master.key"));
        assertThrows(KeyFault.class, () -> volumes().hold(V, A));
        assertThrows(KeyFault.class, () -> volumes().create(W, Map.of("size", "1G", "encrypted", "true")));
        node.check();
        assertTrue(volumes().doctor().stream().anyMatch(finding -> finding.grade() == Finding.Grade.BAD));
    }

    @Test
    void key_thatDoesNotOpenTheVolume_isReported() {
        done(volumes().create(V, Map.of("size", "1G", "encrypted", "true")));
        node.setContent(V, "luks", "00");
        refusedFor(Reason.KEY_UNAVAILABLE, "does not open", volumes().hold(V, A));
        assertEquals(0, node.kernel.loops.size() + node.kernel.mappings.size());
    }

    @Test
    void filesystem_damaged_isNotMounted() {
        done(volumes().create(V, OPTIONS));
        done(volumes().hold(V, A));
        node.restart(true);
        node.setContent(V, "broken", "true");
        refusedFor(Reason.DAMAGED, "needs a person", volumes().hold(V, A));
        node.check();
    }

    @Test
    void resize_neverShrinks() {
        done(volumes().create(V, OPTIONS));
        refusedFor(Reason.INVALID, "only grow", volumes().resize(V, ByteCount.mebibytes(512)));
        refusedFor(Reason.INVALID, "greatest", volumes().resize(V, ByteCount.of(Long.MAX_VALUE / 2)));
        assertEquals(ByteCount.gibibytes(1), volumes().find(V).orElseThrow().size());
    }

    @Test
    void resize_thatWaitsForTheNextMount_isKeptThen() {
        node.kernel.growsMountedExt4 = false;
        done(volumes().create(V, OPTIONS));
        done(volumes().hold(V, A));
        assertTrue(done(volumes().resize(V, ByteCount.gibibytes(2))).pending().isPresent());
        assertFalse(volumes().status(V).orElseThrow().warnings().isEmpty());
        done(volumes().release(V, A));
        done(volumes().hold(V, A));
        assertEquals(Long.toString(ByteCount.gibibytes(2).bytes()), node.content(V, "fssize"));
    }

    @Test
    void snapshots_keepTheirVolumeUntilTheyAreNamed() {
        done(volumes().create(V, OPTIONS));
        done(volumes().snapshot(V, S, BOUND));
        refusedFor(Reason.EXISTS, "already", volumes().snapshot(V, S, BOUND));
        refusedFor(Reason.IN_USE, "1 snapshot", volumes().remove(V, false));
        assertEquals(1, done(volumes().snapshots(V)).size());
        done(volumes().remove(V, true));
        node.check();
    }

    @Test
    void snapshot_thatCopiesForTooLong_isGivenUp() {
        node.kernel.reflinks = false;
        node.kernel.freezesTooLong = true;
        done(volumes().create(V, OPTIONS));
        done(volumes().hold(V, A));
        refusedFor(Reason.NOT_SUPPORTED, "no reflinks", volumes().snapshot(V, S, BOUND));
        node.check();
    }

    @Test
    void rollback_ofAVolumeInUse_isRefused() {
        done(volumes().create(V, OPTIONS));
        done(volumes().snapshot(V, S, BOUND));
        node.setContent(V, "written", "after");
        done(volumes().hold(V, A));
        refusedFor(Reason.IN_USE, "in use", volumes().rollback(V, S));
        done(volumes().release(V, A));
        done(volumes().rollback(V, S));
        assertEquals("", node.content(V, "written"));
    }

    @Test
    void pool_overcommitted_takesNoMore() {
        done(volumes().create(V, Map.of("size", "60G")));
        refusedFor(Reason.NO_SPACE, "over-commit", volumes().create(W, Map.of("size", "30G")));
        refusedFor(Reason.NO_SPACE, "over-commit", volumes().resize(V, ByteCount.gibibytes(90)));
        node.kernel.poolSize = ByteCount.gibibytes(200);
        node.kernel.poolAvailable = ByteCount.gibibytes(180);
        done(volumes().create(W, Map.of("size", "30G")));
        refusedFor(
                Reason.NO_SPACE,
                "needs 200.0 GiB now",
                volumes().create(new VolumeName("x"), Map.of("size", "200G", "thick", "true")));
    }

    @Test
    void pool_runningOut_givesUpItsBallastThenHoldsWritersOffAndLetsThemGo() {
        assertTrue(Files.exists(node.pool().resolve("ballast")));
        done(volumes().create(V, OPTIONS));
        done(volumes().hold(V, A));
        node.kernel.poolAvailable = ByteCount.mebibytes(500);
        volumes().watchPools();
        assertFalse(Files.exists(node.pool().resolve("ballast")));
        assertEquals(List.of(), node.kernel.frozen);
        volumes().watchPools();
        assertEquals(1, node.kernel.frozen.size());
        assertEquals(PoolStatus.Level.EXHAUSTED, volumes().pools().getFirst().level());
        refusedFor(Reason.NO_SPACE, "run out of room", volumes().snapshot(V, S, BOUND));
        node.kernel.poolAvailable = ByteCount.gibibytes(50);
        volumes().watchPools();
        assertEquals(List.of(), node.kernel.frozen);
        assertTrue(Files.exists(node.pool().resolve("ballast")));
    }

    @Test
    void writers_heldOff_areLetGoByReleaseCloseAndRestart() {
        done(volumes().create(V, OPTIONS));
        Files.exists(node.pool());
        for (boolean dies : new boolean[] {true, false}) {
            done(volumes().hold(V, A));
            node.kernel.poolAvailable = ByteCount.mebibytes(500);
            volumes().watchPools();
            volumes().watchPools();
            assertEquals(1, node.kernel.frozen.size());
            node.kernel.poolAvailable = ByteCount.gibibytes(50);
            if (dies) {
                node.restart(false);
                assertEquals(List.of(), node.kernel.frozen);
            }
            done(volumes().release(V, A));
            assertEquals(List.of(), node.kernel.frozen);
        }
    }

    @Test
    void pool_readOnly_takesNothing() {
        node.kernel.poolReadOnly = true;
        refusedFor(Reason.POOL_UNAVAILABLE, "read-only", volumes().create(V, OPTIONS));
        node.check();
    }

    @Test
    void pool_gone_refusesEverythingAndMakesNothing() throws IOException {
        done(volumes().create(V, OPTIONS));
        Files.move(node.pool(), temp.resolve("elsewhere"));
        refusedFor(Reason.POOL_UNAVAILABLE, "is not there", volumes().create(W, OPTIONS));
        refusedFor(Reason.POOL_UNAVAILABLE, "is not there", volumes().hold(V, A));
        Files.createDirectory(node.pool());
        refusedFor(Reason.POOL_UNAVAILABLE, "is not there", volumes().create(W, OPTIONS));
        node.restart(true);
        refusedFor(Reason.POOL_UNAVAILABLE, "is not there", volumes().create(V, OPTIONS));
        assertEquals(List.of(), SimulatedNode.names(node.pool()));
        Files.delete(node.pool());
        Files.move(temp.resolve("elsewhere"), node.pool());
        volumes().reconcile();
        done(volumes().hold(V, A));
        done(volumes().release(V, A));
    }

    @Test
    void pool_gone_canBeForgotten() throws IOException {
        Files.move(node.pool(), temp.resolve("elsewhere"));
        node.restart(true);
        refusedFor(Reason.POOL_UNAVAILABLE, "not there", volumes().create(V, OPTIONS));
        done(volumes().forgetPool(node.pool()));
        volumes().reconcile();
        done(volumes().create(V, OPTIONS));
    }

    @Test
    void foreignFiles_areReportedAndLeftAlone() throws IOException {
        Path foreign = Files.writeString(node.pool().resolve("volumes").resolve("notes.txt"), "mine");
        node.restart(false);
        assertTrue(volumes().reconcile().problems().toString().contains("notes.txt"));
        assertTrue(volumes().doctor().toString().contains("notes.txt"));
        done(volumes().create(V, OPTIONS));
        assertTrue(Files.exists(foreign));
    }

    @Test
    void directory_thatHoldsOtherThings_doesNotBecomeAPool() throws IOException {
        node.close();
        Path other = Files.createDirectory(temp.resolve("other"));
        Files.createDirectory(other.resolve("pool"));
        Files.writeString(other.resolve("pool").resolve("photo.jpg"), "x");
        try (var second = new SimulatedNode(other)) {
            refusedFor(Reason.POOL_UNAVAILABLE, "photo.jpg", second.volumes().create(V, OPTIONS));
            assertEquals(List.of("photo.jpg"), SimulatedNode.names(other.resolve("pool")));
        }
    }

    @Test
    void record_damaged_keepsItsNameAndItsMount() throws IOException {
        done(volumes().create(V, OPTIONS));
        VolumeView view = volumes().find(V).orElseThrow();
        done(volumes().hold(V, A));
        Path record = node.pool().resolve("volumes").resolve(view.id().text()).resolve("volume.json");
        Files.writeString(record, Files.readString(record).replace("\"hot\"", "\"hut\""));
        node.restart(false);
        assertTrue(volumes().doctor().toString().contains(record.toString()));
        refusedFor(Reason.DAMAGED, "checksum", volumes().create(V, OPTIONS));
        refusedFor(Reason.DAMAGED, "checksum", volumes().hold(V, A));
        assertEquals(1, node.kernel.mounts.size());
    }

    @Test
    void bind_ofPartsOfAPool_isRefused() {
        for (Path path : List.of(node.pool(), node.pool().resolve("volumes"), temp.resolve("state"))) {
            refusedFor(
                    Reason.INVALID,
                    "part of a pool",
                    volumes().create(V, Map.of("type", "none", "o", "bind", "device", path.toString())));
        }
    }

    @Test
    void memory_andBind_areHeldAndReleased() throws IOException {
        Path shared = Files.createDirectory(temp.resolve("shared"));
        done(volumes().create(V, Map.of("class", "scratch")));
        done(volumes().create(W, Map.of("type", "none", "o", "bind,ro", "device", shared.toString())));
        for (VolumeName name : List.of(V, W)) {
            done(volumes().hold(name, A));
            refusedFor(Reason.NOT_SUPPORTED, "no image", volumes().snapshot(name, S, BOUND));
            refusedFor(Reason.NOT_SUPPORTED, "no image", volumes().resize(name, ByteCount.gibibytes(9)));
            done(volumes().release(name, A));
        }
        node.check();
        done(volumes().remove(W, false));
        assertTrue(Files.exists(shared));
    }

    @Test
    void options_ofAnyHostileKind_makeNothing() {
        List<String> names = java.util.Arrays.stream(VolumeOption.values())
                .map(VolumeOption::word)
                .toList();
        int[] refusals = new int[1];
        Property.holds(300, random -> {
            var options = new HashMap<String, String>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                options.put(
                        random.nextInt(3) == 0 ? hostile(random) : names.get(random.nextInt(names.size())),
                        hostile(random));
            }
            switch (volumes().create(V, options)) {
                // A few nines are a good number of operations per second.
                case Outcome.Done<VolumeView> _ -> done(volumes().remove(V, false));
                case Outcome.Refused<VolumeView>(Refusal refusal) -> {
                    refusals[0]++;
                    assertTrue(
                            refusal.message().length() < 2000,
                            "a message of " + refusal.message().length());
                    assertTrue(refusal.message().chars().noneMatch(c -> c < ' '), refusal.message());
                }
            }
        });
        assertTrue(refusals[0] > 0, "nothing was refused");
        assertEquals(List.of(), volumes().list());
        node.check();
    }

    private static String hostile(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> "../".repeat(1 + random.nextInt(20)) + "etc/passwd";
            case 1 -> "-" + random.nextLong(Long.MAX_VALUE);
            case 2 -> "9".repeat(1 + random.nextInt(10_000));
            case 3 -> "$(reboot);`id`|\n\r\u0000";
            case 4 -> "\uD800\u202E" + (char) random.nextInt(0xffff);
            case 5 -> "";
            case 6 -> "{\"a\":".repeat(random.nextInt(2000));
            default -> "x,".repeat(1 + random.nextInt(3000));
        };
    }
}
