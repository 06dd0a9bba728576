package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Limits as fio measures them in containers, on cgroup v1, where each container has its own rule. What cgroup v2 does
 * is measured in the virtual machine ({@link VirtualMachineTest}).
 */
@Tag("acceptance")
final class LimitsTest {
    private static final String FIO = "fio --name=io --filename=/data/file --size=16M --direct=1 --ioengine=libaio"
            + " --iodepth=16 --time_based --ramp_time=1 --output-format=json ";
    private static final String LAID = "dd if=/dev/zero of=/data/file bs=1M count=16 conv=fsync 2>/dev/null; ";

    @TempDir
    static Path root;

    private static Engine engine;
    private static VolumeDaemon cairn;

    @BeforeAll
    static void start() {
        assumeTrue(
                Files.exists(Path.of("/sys/fs/cgroup/blkio/blkio.throttle.io_serviced"))
                        || Files.exists(Path.of("/sys/fs/cgroup/blkio")),
                "the block device controller of cgroup v1 is not mounted here");
        engine = Engine.start(root.resolve("engine"));
        cairn = VolumeDaemon.start(root.resolve("cairn"));
    }

    @AfterAll
    static void stop() {
        assertAll(
                () -> {
                    if (engine != null) {
                        engine.close();
                    }
                },
                () -> {
                    if (cairn != null) {
                        cairn.close();
                    }
                });
    }

    /** What a failed test left must not make the next one fail. */
    @AfterEach
    void forget() {
        engine.forget(cairn.driver());
    }

    private static void create(String name, String... options) {
        String _ = engine.run(createCommand(name, options));
    }

    private static String[] createCommand(String name, String... options) {
        var command = new ArrayList<>(List.of("volume", "create", "--driver", cairn.driver()));
        for (String option : options) {
            command.addAll(List.of("--opt", option));
        }
        command.add(name);
        return command.toArray(String[]::new);
    }

    private static List<String> at(String volume) {
        return List.of("-v", volume + ":/data");
    }

    /** What fio says in the named half of its only job. */
    private static double figure(String output, String half, String name) {
        String json = output.substring(output.indexOf('{'), output.lastIndexOf('}') + 1);
        return JsonMapper.shared()
                .readTree(json)
                .get("jobs")
                .get(0)
                .get(half)
                .get(name)
                .asDouble();
    }

    private static void assertWithin(double low, double high, double figure, String what) {
        System.out.printf("%s: %.1f%n", what, figure);
        assertTrue(low <= figure && figure <= high, () -> what + ": " + figure + " is not in " + low + " to " + high);
    }

    @Test
    void iops_500_areWhatAContainerGets() {
        create("slow", "size=64M", "iops=500", "limits=direct");
        String write = engine.contained(at("slow"), LAID + FIO + "--rw=randwrite --bs=4k --runtime=5");
        assertWithin(475, 525, figure(write, "write", "iops"), "write IOPS");
        String read = engine.contained(at("slow"), FIO + "--rw=randread --bs=4k --runtime=5");
        assertWithin(475, 525, figure(read, "read", "iops"), "read IOPS");
        String _ = engine.run("volume", "rm", "slow");
    }

    /** On v1 the kernel knows no total, so each holder gets its share. */
    @Test
    void iops_500_areDividedAmongTwoContainers() {
        create("both", "size=64M", "iops=500", "limits=direct");
        String script = FIO.replace("/data/file", "/data/$(hostname)") + "--rw=randwrite --bs=4k --runtime=6";
        String first = engine.detached(at("both"), "sleep 1; " + script);
        String second = engine.detached(at("both"), "sleep 1; " + script);
        assertTrue(engine.run("wait", first, second).lines().allMatch("0"::equals), () -> engine.run("logs", first));
        double sum = figure(engine.run("logs", first), "write", "iops")
                + figure(engine.run("logs", second), "write", "iops");
        assertWithin(450, 550, sum, "write IOPS of two containers");
        String _ = engine.run("rm", first, second);
        String _ = engine.run("volume", "rm", "both");
    }

    @Test
    void bytesPerSecond_areWhatAContainerGets() {
        create("narrow", "size=64M", "write-bps=8M", "read-bps=4M", "limits=direct");
        String write = engine.contained(at("narrow"), LAID + FIO + "--rw=write --bs=256k --runtime=4");
        assertWithin(7.6, 8.4, figure(write, "write", "bw_bytes") / (1 << 20), "MiB/s written");
        String read = engine.contained(at("narrow"), FIO + "--rw=read --bs=256k --runtime=4");
        assertWithin(3.8, 4.2, figure(read, "read", "bw_bytes") / (1 << 20), "MiB/s read");
        String _ = engine.run("volume", "rm", "narrow");
    }

    /** Rules outlive a device; the next volume on the same loop device must not inherit them. */
    @Test
    void limits_ofOneVolume_areNotThoseOfTheNextOnItsDevice() {
        create("limited", "size=64M", "iops=100", "limits=direct");
        String stays = engine.detached(at("limited"), "exec sleep 10000");
        create("free", "size=64M");
        // The same container's group would keep a rule for a device number that is used again.
        String _ = engine.run("rm", "--force", stays);
        String _ = engine.run("volume", "rm", "limited");
        String output = engine.contained(at("free"), LAID + FIO + "--rw=randwrite --bs=4k --runtime=2");
        assertTrue(figure(output, "write", "iops") > 1000, output);
        String _ = engine.run("volume", "rm", "free");
    }

    @Test
    void limit_onBufferedWrites_isRefusedWithTheReason() {
        String said = engine.fail(createCommand("buffered", "size=64M", "iops=500"));
        assertTrue(said.contains("limits=direct"), said);
        assertTrue(!engine.run("volume", "ls", "--quiet").contains("buffered"));
    }
}
