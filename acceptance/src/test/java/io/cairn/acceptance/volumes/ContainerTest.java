package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.acceptance.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of volumes in containers of a real Docker Engine. */
@Tag("acceptance")
final class ContainerTest {
    private static final String STAY = "exec sleep 10000";

    @TempDir
    static Path root;

    private static Engine engine;
    private static VolumeDaemon cairn;

    @BeforeAll
    static void start() {
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

    private static String create(String name, String... options) {
        var command = new ArrayList<>(List.of("volume", "create", "--driver", cairn.driver()));
        for (String option : options) {
            command.addAll(List.of("--opt", option));
        }
        command.add(name);
        return engine.run(command.toArray(String[]::new)).strip();
    }

    private static void remove(String name) {
        String _ = engine.run("volume", "rm", name);
    }

    /** Removes the container as a user does, and with it its hold on volumes. */
    private static void removeContainer(String id) {
        String _ = engine.run("rm", "--force", id);
    }

    private static List<String> at(String volume, String directory) {
        return List.of("-v", volume + ":" + directory);
    }

    @Test
    void container_stoppedAndStarted_readsWhatItWrote() {
        String _ = create("kept", "size=64M");
        String id = engine.detached(
                at("kept", "/data"),
                "if [ -f /data/file ]; then cat /data/file; else echo kept >/data/file; fi; " + STAY);
        Waiting.until(
                "the file is written",
                Duration.ofSeconds(10),
                () -> engine.end("exec", id, "test", "-f", "/data/file").status() == 0);
        String _ = engine.run("stop", "--time", "0", id);
        assertEquals(List.of(), Leftovers.loops(cairn.pool()), "a volume that nobody has is let go");
        String _ = engine.run("start", id);
        Waiting.until(
                "the file is read",
                Duration.ofSeconds(10),
                () -> engine.run("logs", id).equals("kept\n"));
        removeContainer(id);
        assertEquals("kept\n", engine.contained(at("kept", "/data"), "cat /data/file"));
        remove("kept");
    }

    @Test
    void container_fresh_seesAnEmptyDirectoryOfItsSizeWithSafeOptions() {
        String _ = create("fresh", "size=100M", "iops=2000", "limits=direct");
        assertEquals("", engine.contained(at("fresh", "/data"), "ls -A /data"));
        String[] mount = engine.contained(at("fresh", "/data"), "grep ' /data ' /proc/mounts")
                .split(" ");
        assertEquals("ext4", mount[2]);
        assertTrue(
                List.of(mount[3].split(",")).containsAll(List.of("rw", "nosuid", "nodev", "noatime", "discard")),
                mount[3]);
        long kibibytes =
                Long.parseLong(engine.contained(at("fresh", "/data"), "df -kP /data | tail -n 1 | awk '{print $2}'")
                        .strip());
        assertTrue(kibibytes <= 100 << 10 && kibibytes >= 85 << 10, kibibytes + " KiB");
        remove("fresh");
    }

    @Test
    void volume_empty_isFilledFromTheImageOnce() {
        String _ = create("filled", "size=64M");
        assertEquals(
                "from the image\n", engine.contained(at("filled", "/copied"), "cat /copied/file; rm /copied/file"));
        assertEquals("", engine.contained(at("filled", "/data"), "ls -A /data"));
        remove("filled");
    }

    @Test
    void containers_twoOnOneVolume_shareItUntilTheLastIsGone() {
        String _ = create("shared", "size=64M");
        String first = engine.detached(at("shared", "/data"), STAY);
        String second = engine.detached(at("shared", "/data"), STAY);
        assertEquals(1, Leftovers.loops(cairn.pool()).size(), "one loop device, however many containers");
        String _ = engine.run("exec", first, "sh", "-c", "echo hello >/data/letter");
        assertEquals("hello\n", engine.run("exec", second, "cat", "/data/letter"));
        removeContainer(first);
        assertEquals("hello\n", engine.run("exec", second, "cat", "/data/letter"));
        assertTrue(engine.fail("volume", "rm", "shared").contains("in use"));
        assertInUse("shared");
        removeContainer(second);
        assertEquals(List.of(), Leftovers.loops(cairn.pool()));
        remove("shared");
    }

    /** The volume twice in one container, and a copy into it while it is used: counts, not names, keep it mounted. */
    @Test
    void references_ofOneContainer_areCounted() throws IOException {
        String _ = create("counted", "size=64M");
        String id = engine.detached(List.of("-v", "counted:/data", "-v", "counted:/again"), STAY);
        Path letter = Files.writeString(root.resolve("letter"), "copied in use");
        String _ = engine.run("cp", letter.toString(), id + ":/data/letter");
        assertEquals("copied in use", engine.run("exec", id, "cat", "/again/letter"));
        String _ = engine.run("cp", id + ":/data/letter", root.resolve("back").toString());
        assertEquals("copied in use", Files.readString(root.resolve("back")));
        String _ = engine.run("exec", id, "sh", "-c", "echo more >/data/more && sync");
        assertEquals(1, Leftovers.loops(cairn.pool()).size());
        assertInUse("counted");
        removeContainer(id);
        assertEquals(List.of(), Leftovers.loops(cairn.pool()));
        remove("counted");
    }

    /** The driver itself refuses, whoever asks. */
    private static void assertInUse(String volume) {
        Shell.Ended ended = cairn.volumeEnds("rm", volume);
        assertEquals(1, ended.status(), ended::output);
        assertTrue(ended.output().contains("in use"), ended::output);
    }

    @ParameterizedTest
    @CsvSource({"ext4,48", "ext4,128", "ext4,512", "xfs,768"})
    void volume_full_givesEnospcNearItsSizeAndHarmsNobody(String filesystem, long mebibytes) {
        String name = "full-" + filesystem + "-" + mebibytes;
        String _ = create(name, "size=" + mebibytes + "M", "fs=" + filesystem);
        String _ = create(name + "-other", "size=64M");
        String other = engine.detached(at(name + "-other", "/data"), STAY);
        String script = "dd if=/dev/zero of=/data/big bs=64k 2>&1 | grep -o 'No space left on device';"
                + " sync; stat -c %s /data/big; echo tail >/data/tail; rm /data/big; sync;"
                + " dd if=/dev/zero of=/data/again bs=1M count=4 conv=fsync 2>/dev/null && stat -c %s /data/again";
        List<String> said = engine.contained(at(name, "/data"), script).lines().toList();
        assertEquals("No space left on device", said.getFirst(), said::toString);
        long written = Long.parseLong(said.get(1));
        long nominal = mebibytes << 20;
        System.out.printf("%s of %d MiB takes %.1f %%%n", filesystem, mebibytes, 100.0 * written / nominal);
        assertTrue(written >= nominal * 85 / 100 && written <= nominal, written + " of " + nominal + " bytes");
        assertEquals("4194304", said.getLast(), said::toString);
        String _ = engine.run("exec", other, "sh", "-c", "echo fine >/data/file && sync && cat /data/file");
        removeContainer(other);
        remove(name);
        remove(name + "-other");
    }

    @Test
    void volume_thin_givesRoomBack() {
        String _ = create("thin", "size=128M");
        String id = engine.detached(at("thin", "/data"), STAY);
        String _ = engine.run("exec", id, "sh", "-c", "dd if=/dev/urandom of=/data/big bs=1M count=64 conv=fsync");
        long full = allocated();
        assertTrue(full > 64 << 20, full + " bytes");
        String _ = engine.run("exec", id, "sh", "-c", "rm /data/big && sync");
        Waiting.until("room is given back", Duration.ofSeconds(20), () -> allocated() < 32 << 20);
        removeContainer(id);
        remove("thin");
    }

    /** Bytes that all images take; the tests of this class run one after another. */
    private static long allocated() {
        String blocks = Shell.run("find", cairn.pool() + "/volumes", "-name", "image", "-printf", "%b\n");
        return blocks.lines().mapToLong(Long::parseLong).sum() * 512;
    }

    @Test
    void volume_ofMemory_andOfADirectory_areMountedAsDockerSpellsThem() throws IOException {
        String _ = create("memory", "type=tmpfs", "device=tmpfs", "o=size=10m,mode=750");
        assertEquals("10240\n", engine.contained(at("memory", "/data"), "df -kP /data | tail -n 1 | awk '{print $2}'"));
        remove("memory");
        Path directory = Files.createDirectory(root.resolve("mine"));
        String _ = create("mine", "type=none", "device=" + directory, "o=bind");
        assertEquals("", engine.contained(at("mine", "/data"), "echo mine >/data/file"));
        assertEquals("mine\n", Files.readString(directory.resolve("file")));
        remove("mine");
        assertTrue(Files.exists(directory.resolve("file")), "what was there already is never deleted");
    }

    @Test
    void status_inInspect_saysWhatIsPromised() {
        String _ = create("told", "size=64M");
        String status = engine.run("volume", "inspect", "--format", "{{json .Status}}", "told");
        for (String word : List.of("size", "filesystem", "ext4", "encryption", "limits", "allocated")) {
            assertTrue(status.contains(word), () -> word + " in " + status);
        }
        assertTrue(engine.run("volume", "ls").contains("told"));
        assertTrue(cairn.volume("ls").contains("told"));
        remove("told");
    }

    /** Everything stops and starts again, as a host does; then it is all there. */
    @Test
    void volumes_afterEverythingWasRestarted_areThereWithTheirData() {
        String _ = create("durable", "size=64M");
        assertEquals("", engine.contained(at("durable", "/data"), "echo kept >/data/file"));
        engine.stop();
        assertEquals(0, cairn.stop());
        cairn.startAgain();
        engine.startAgain();
        assertEquals("kept\n", engine.contained(at("durable", "/data"), "cat /data/file"));
        remove("durable");
    }
}
