package io.cairn.host.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.base.Clock;
import io.cairn.host.Enforcement;
import io.cairn.host.Limits;
import io.cairn.host.MountOptions;
import io.cairn.host.Throttle;
import io.cairn.host.kernel.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of version 2 in the real hierarchy. Runs where the kernel has it: in the virtual machine of the tests. */
final class ParentThrottleTest {
    private RealGroups groups;
    private Throttle throttle;

    @BeforeEach
    void open() throws IOException {
        groups = RealGroups.versionTwo();
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

    private static void assumeFio() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/fio")), "needs fio");
    }

    @Test
    void support_namesTheParentsAndMakesThatOfDocker() {
        Enforcement.Total total = assertInstanceOf(Enforcement.Total.class, throttle.support());
        assertTrue(total.group().contains("/docker") && total.group().contains(groups.parent), total.group());
    }

    @Test
    void rule_applied_isOnEveryParentAndGoneWhenCleared() {
        Limits limits = new Limits(
                OptionalLong.of(200), OptionalLong.empty(), OptionalLong.of(1 << 20), OptionalLong.of(2 << 20));
        throttle.apply(groups.device.number(), limits);
        Map<String, Limits> rules = throttle.report(groups.device.number()).stream()
                .collect(Collectors.toMap(
                        rule -> Path.of(rule.group()).getFileName().toString(), Throttle.Rule::limits));
        assertEquals(limits, rules.get("docker"));
        assertEquals(limits, rules.get(groups.parent));
        throttle.apply(groups.device.number(), iops(7));
        assertTrue(throttle.report(groups.device.number()).stream()
                .allMatch(rule -> rule.limits().equals(iops(7))));
        throttle.clear(groups.device.number());
        assertEquals(List.of(), throttle.report(groups.device.number()));
        throttle.clear(groups.device.number());
    }

    @Test
    void writersAndReaders_inAGroup_areHeld() throws IOException, InterruptedException {
        assumeFio();
        Path first = groups.make("c1");
        throttle.apply(groups.device.number(), iops(100));
        assertHeld(RealGroups.iops(groups.fio(first, "randwrite", 4)));
        assertHeld(RealGroups.iops(groups.fio(first, "randread", 4)));
    }

    /** By the clock from the first start to the last end: rates of two windows that do not coincide cannot be added. */
    @Test
    void twoWriters_inTwoGroups_areHeldInTotal() throws IOException, InterruptedException {
        Path first = groups.make("c1");
        Path second = groups.make("c2");
        throttle.apply(groups.device.number(), iops(100));
        String command =
                "exec dd if=/dev/zero of=%s bs=4k count=200 oflag=direct status=none".formatted(groups.device.node());
        long start = Clock.system().nanos();
        Process one = groups.start(first, command);
        Process two = groups.start(second, command);
        assertEquals(0, one.waitFor());
        assertEquals(0, two.waitFor());
        double seconds = (Clock.system().nanos() - start) / 1e9;
        assertTrue(seconds >= 3.8 && seconds <= 8, "400 writes at 100 a second took " + seconds + " s");
    }

    private static void assertHeld(double measured) {
        assertTrue(measured >= 90 && measured <= 105, "measured " + measured);
    }

    @Test
    void bufferedWrites_areHeldToo() throws IOException, InterruptedException {
        Path mountpoint = Files.createDirectory(groups.scratch().resolve("mnt"));
        try {
            var made = new Tool("mkfs.ext4", "e2fsprogs")
                    .run(Duration.ofSeconds(60), "-q", groups.device.node().toString());
            assertEquals(0, made.status(), made.output());
            groups.mounts.mount(groups.device.node().toString(), mountpoint, "ext4", MountOptions.DEFAULTS);
            throttle.apply(
                    groups.device.number(),
                    new Limits(
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.of(1 << 20)));
            long start = Clock.system().nanos();
            Process writer = groups.start(
                    groups.make("c1"), "exec dd if=/dev/zero of=" + mountpoint + "/file bs=64k count=64 conv=fsync");
            assertTrue(writer.waitFor(120, TimeUnit.SECONDS));
            double seconds = (Clock.system().nanos() - start) / 1e9;
            assertTrue(seconds > 3.5, "4 MiB at 1 MiB a second took only " + seconds + " s");
        } finally {
            throttle.clear(groups.device.number());
            groups.mounts.unmount(mountpoint);
            Files.delete(mountpoint);
        }
    }

    @Test
    void rule_ofADeviceWithAFile_isNotSwept() {
        throttle.apply(groups.device.number(), iops(50));
        throttle.sweep(Set.of());
        assertTrue(throttle.report(groups.device.number()).size() >= 2);
    }
}
