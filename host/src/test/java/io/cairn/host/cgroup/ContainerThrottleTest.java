package io.cairn.host.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.base.Clock;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Enforcement;
import io.cairn.host.Limits;
import io.cairn.host.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of version 1 in the real hierarchy, for processes that really write. */
final class ContainerThrottleTest {
    private RealGroups groups;
    private Throttle throttle;

    @BeforeEach
    void open() throws IOException {
        groups = RealGroups.versionOne();
        throttle = CgroupThrottle.open(groups.mounts, List.of(groups.parent), Clock.system());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        if (groups != null) {
            throttle.clear(groups.device.number());
            assertEquals(List.of(), throttle.report(groups.device.number()));
            throttle.close();
            groups.close();
        }
    }

    private static Limits iops(long limit) {
        return new Limits(OptionalLong.of(limit), OptionalLong.of(limit), OptionalLong.empty(), OptionalLong.empty());
    }

    private Map<String, Long> shares() {
        return throttle.report(groups.device.number()).stream()
                .collect(Collectors.toMap(
                        rule -> Path.of(rule.group()).getFileName().toString(),
                        rule -> rule.limits().writeIops().orElse(0)));
    }

    private static void eventually(BooleanSupplier condition, java.util.function.Supplier<Object> seen) {
        for (int i = 0; i < 1500; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            LockSupport.parkNanos(10_000_000);
        }
        throw new AssertionError("not within 15 s; last seen: " + seen.get());
    }

    private void eventuallyShares(Map<String, Long> expected) {
        eventually(() -> shares().equals(expected), this::shares);
    }

    private static void assumeFio() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/fio")), "needs fio");
    }

    @Test
    void support_saysThatEachContainerIsHeldAndOnlyDirectly() {
        assertInstanceOf(Enforcement.DirectOnly.class, throttle.support());
    }

    @Test
    void writer_inALimitedGroup_isHeldToTheLimit() throws IOException, InterruptedException {
        assumeFio();
        Path group = groups.make("c1");
        throttle.apply(groups.device.number(), iops(500));
        assertHeldTo(500, group, "randwrite");
        assertHeldTo(500, group, "randread");
    }

    /** Above the limit it may never be; below, a machine that is busy with something else may be the reason, once. */
    private void assertHeldTo(double limit, Path group, String direction) throws IOException, InterruptedException {
        double measured = 0;
        for (int attempt = 0; attempt < 3 && measured < limit * 0.95; attempt++) {
            measured = RealGroups.iops(groups.fio(group, direction, 2));
            assertTrue(measured <= limit * 1.05, direction + " " + measured);
        }
        assertTrue(measured >= limit * 0.95, direction + " " + measured);
    }

    /** Shown to fail: without the rule the same writer is far above. */
    @Test
    void writer_inAGroupWithoutALimit_isNotHeld() throws IOException, InterruptedException {
        assumeFio();
        double measured = RealGroups.iops(groups.fio(groups.make("c1"), "randwrite", 1));
        assertTrue(measured > 1000, "only " + measured);
    }

    @Test
    void twoWriters_inTwoGroups_areHeldTogether() throws IOException, InterruptedException {
        assumeFio();
        Path first = groups.make("c1");
        Path second = groups.make("c2");
        throttle.apply(groups.device.number(), iops(500));
        Process one = groups.fio(first, "randwrite", 3);
        Process two = groups.fio(second, "randwrite", 3);
        double sum = RealGroups.iops(one) + RealGroups.iops(two);
        assertTrue(sum >= 400 && sum <= 525, "together " + sum);
    }

    @Test
    void bytes_limited_areHeld() throws IOException, InterruptedException {
        assumeFio();
        Path group = groups.make("c1");
        throttle.apply(
                groups.device.number(),
                new Limits(
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.of(2 << 20),
                        OptionalLong.of(1 << 20)));
        assertHeldTo(256, group, "randwrite");
        assertHeldTo(512, group, "randread");
    }

    /** The pause is shorter than what any engine takes from making the group to the container's own process. */
    @Test
    void process_inAGroupThatJustCame_findsItsRule() throws IOException, InterruptedException {
        throttle.apply(groups.device.number(), iops(200));
        Path group = groups.make("c1");
        long start = Clock.system().nanos();
        Process writer = groups.start(
                group,
                "sleep 0.1 && exec dd if=/dev/zero of=" + groups.device.node()
                        + " bs=4k count=200 oflag=direct status=none");
        assertEquals(0, writer.waitFor());
        double seconds = (Clock.system().nanos() - start) / 1e9;
        String served = Files.readString(group.resolve(BlkioFiles.SERVED));
        assertEquals(200, BlkioFiles.served(served, groups.device.number()));
        assertTrue(seconds > 0.95, "200 writes at 200 a second took only " + seconds + " s");
    }

    @Test
    void groups_thatComeAndGo_shareTheLimit() throws IOException {
        throttle.apply(groups.device.number(), iops(600));
        assertEquals(Map.of(), shares());
        Path first = groups.make("c1");
        Process one = groups.start(first, "exec sleep 60");
        eventuallyShares(Map.of("c1", 600L));
        Path second = groups.make("c2");
        Process two = groups.start(second, "exec sleep 60");
        eventuallyShares(Map.of("c1", 300L, "c2", 300L));
        Path third = groups.make("c3");
        groups.start(third, "exec sleep 60");
        eventuallyShares(Map.of("c1", 200L, "c2", 200L, "c3", 200L));
        throttle.apply(groups.device.number(), iops(900));
        assertEquals(Map.of("c1", 300L, "c2", 300L, "c3", 300L), shares());
        one.destroyForcibly().onExit().join();
        two.destroyForcibly().onExit().join();
        groups.remove(first);
        groups.remove(second);
        eventuallyShares(Map.of("c3", 900L));
    }

    /** The volume is mounted; one container has it, another starts and turns out not to. */
    @Test
    void group_whoseProcessesCannotReachTheDevice_takesNoShareForLong() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare");
        Path mountpoint = Files.createDirectory(groups.scratch().resolve("mnt"));
        try {
            var made = new io.cairn.host.kernel.Tool("mkfs.ext4", "e2fsprogs")
                    .run(
                            java.time.Duration.ofSeconds(30),
                            "-q",
                            groups.device.node().toString());
            assertEquals(0, made.status(), made.output());
            groups.mounts.mount(
                    groups.device.node().toString(), mountpoint, "ext4", io.cairn.host.MountOptions.DEFAULTS);
            throttle.apply(groups.device.number(), iops(600));
            groups.start(groups.make("has"), "exec unshare -m --propagation private sleep 60");
            eventuallyShares(Map.of("has", 600L));
            groups.start(
                    groups.make("has-not"),
                    "exec unshare -m --propagation private sh -c 'umount %s; exec sleep 60'".formatted(mountpoint));
            eventually(() -> shares().equals(Map.of("has", 600L)) && settled("has-not"), this::shares);
        } finally {
            groups.mounts.unmount(mountpoint);
            Files.delete(mountpoint);
        }
    }

    private boolean settled(String group) {
        try {
            return Files.readString(groups.make(group).resolve("cgroup.procs"))
                            .lines()
                            .count()
                    == 1;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @Test
    void rule_leftOnADetachedDevice_isSweptAndOthersStay() throws IOException {
        Path group = groups.make("c1");
        DeviceNumber detached = detachedLoop();
        var files = new BlkioFiles();
        files.write(group, detached, iops(77));
        files.write(group, groups.device.number(), iops(88));
        try {
            throttle.sweep(Set.of());
            assertEquals(Map.of(groups.device.number(), iops(88)), files.read(group));
        } finally {
            throttle.clear(detached);
        }
    }

    private static DeviceNumber detachedLoop() throws IOException {
        try (var devices = Files.list(Path.of("/sys/block"))) {
            Path free = devices.filter(device -> device.getFileName().toString().startsWith("loop"))
                    .filter(device -> !Files.exists(device.resolve("loop/backing_file")))
                    .max(java.util.Comparator.comparing(Path::toString))
                    .orElseThrow();
            return DeviceNumber.parse(Files.readString(free.resolve("dev")));
        }
    }

    /** The rule must be there before an engine has started a process: tens of milliseconds after it made the group. */
    @Test
    void rule_forANewGroup_isThereWithinMilliseconds() throws IOException {
        throttle.apply(groups.device.number(), iops(500));
        long[] nanos = new long[50];
        for (int i = 0; i < nanos.length; i++) {
            long start = Clock.system().nanos();
            Path group = groups.make("c" + i);
            Path file = group.resolve("blkio.throttle.write_iops_device");
            while (Files.readString(file).isEmpty()) {
                Thread.onSpinWait();
            }
            nanos[i] = Clock.system().nanos() - start;
            groups.remove(group);
        }
        Arrays.sort(nanos);
        System.out.printf(
                "rule after the group: median %.2f ms, worst %.2f ms%n",
                nanos[25] / 1e6, nanos[nanos.length - 1] / 1e6);
        assertTrue(nanos[nanos.length / 2] < 50_000_000, "median of " + nanos[nanos.length / 2] + " ns");
    }
}
