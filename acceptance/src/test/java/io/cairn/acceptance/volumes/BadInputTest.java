package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.acceptance.LoopDrive;
import io.cairn.acceptance.Shell;
import io.cairn.testkit.Property;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people, programs and broken machines do wrong: each is answered with a clear sentence, and changes nothing. */
@Tag("acceptance")
final class BadInputTest {
    @TempDir
    Path root;

    private static void nothingWasMade(VolumeDaemon cairn, PluginClient docker) {
        assertTrue(docker.list().isEmpty(), () -> docker.list().toString());
        assertEquals(List.of(), volumes(cairn.pool()));
        assertEquals(List.of(), Leftovers.loops(cairn.pool()));
        assertEquals(List.of(), Leftovers.mounts(cairn.pool()));
        assertTrue(cairn.alive());
    }

    private static List<String> volumes(Path pool) {
        Path directory = pool.resolve("volumes");
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::toString).toList();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** HTTP 200 with a sentence, which is the form that Docker shows to people. */
    private static String refused(PluginClient docker, String name, Map<String, String> options) {
        PluginClient.Answer answer = docker.ask("Create", Map.of("Name", name, "Opts", options));
        assertEquals(200, answer.status(), answer::text);
        assertFalse(answer.error().isBlank(), () -> "created: " + name + " " + options);
        assertFalse(answer.error().contains("Exception"), answer::error);
        return answer.error();
    }

    @Test
    void words_ofAllKinds_areRefusedAndChangeNothing() {
        assumeTrue(Shell.canMount(), "loop devices need root");
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"));
                PluginClient docker = cairn.connect()) {
            for (String name : List.of(
                    "../../../etc/cairn",
                    "a/b",
                    "",
                    ".",
                    "..",
                    "-x",
                    ".hidden",
                    "a b",
                    "ümlaut",
                    "a\u0000b",
                    "$(id)",
                    "x".repeat(129),
                    "x".repeat(100_000))) {
                assertAll(name, () -> refused(docker, name, Map.of("size", "64M")));
            }
            for (String size : List.of(
                    "-1",
                    "-10G",
                    "0",
                    "1",
                    "ten",
                    "1E30",
                    "NaN",
                    "99999999999999T",
                    "18446744073709551617",
                    "10 Q",
                    "")) {
                assertAll(size, () -> refused(docker, "sized", Map.of("size", size)));
            }
            assertTrue(refused(docker, "near", Map.of("siez", "16M")).contains("size"), "the nearest name is told");
            for (Map<String, String> options : List.of(
                    Map.of("fs", "ntfs"),
                    Map.of("iops", "-5", "limits", "direct"),
                    Map.of("encrypted", "perhaps"),
                    Map.of("mount", "suid"),
                    Map.of("mount", "x,remount"),
                    Map.of("class", "gold"),
                    Map.of("from", "nobody"),
                    Map.of("from", "../x"),
                    Map.of("type", "none", "o", "bind", "device", "/no/such/directory"),
                    Map.of("type", "ext4", "device", "/dev/no-such-device"),
                    Map.of("type", "ext4", "device", "/etc/passwd"))) {
                assertAll(options.toString(), () -> refused(docker, "optioned", options));
            }
            nothingWasMade(cairn, docker);
        }
    }

    /** Anything at all as a request; a wrong answer is one that says it was done. */
    @Test
    void bytes_ofAllKinds_areRefusedAndChangeNothing() {
        assumeTrue(Shell.canMount(), "loop devices need root");
        long seed = Property.seed();
        System.out.println("seed " + seed);
        var random = new SplittableRandom(seed);
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"))) {
            for (String verb : List.of("Create", "Remove", "Mount", "Unmount", "Path", "Get")) {
                for (String body : List.of(
                        "",
                        "null",
                        "[]",
                        "{",
                        "{}",
                        "\"x\"",
                        "0",
                        "{\"Name\":5}",
                        "{\"Name\":null}",
                        "{\"Name\":\"\"}",
                        "{\"Name\":{\"a\":1}}",
                        "{\"Name\":\"x\",\"Opts\":[]}",
                        "{\"Name\":\"x\",\"Opts\":{\"size\":5}}",
                        "{\"Name\":\"x\",\"Opts\":{\"size\":null}}",
                        "[".repeat(20_000),
                        "{\"Name\":\"" + "x".repeat(300_000))) {
                    told(cairn, verb, body, seed);
                }
                for (int i = 0; i < 50; i++) {
                    told(cairn, verb, damaged(random), seed);
                }
            }
            try (PluginClient docker = cairn.connect()) {
                nothingWasMade(cairn, docker);
            }
        }
    }

    private static void told(VolumeDaemon cairn, String verb, String body, long seed) {
        // What is too large may cost the connection, so each has its own.
        try (PluginClient docker = cairn.connect()) {
            PluginClient.Answer answer = docker.ask(verb, body);
            String what = "seed " + seed + " " + verb + " " + body.substring(0, Math.min(100, body.length()));
            assertTrue(answer.status() == 200 || answer.status() == 413, () -> what + ": " + answer);
            if (answer.status() == 200) {
                assertFalse(answer.error().isBlank(), () -> what + ": " + answer);
            }
        }
    }

    /** A request that would be right but for the bytes that are changed, left out or doubled; its volume cannot be. */
    private static String damaged(SplittableRandom random) {
        var text = new StringBuilder(
                "{\"Name\":\"../fuzz\",\"Opts\":{\"size\":\"-64M\",\"fs\":\"ext4\"},\"ID\":\"c7cb3430\"}");
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(1, 0x2ff));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 8)));
            }
        }
        return text.toString();
    }

    @Test
    void pool_full_refusesWhatItCannotPromise() {
        assumeTrue(Shell.canMount(), "loop devices need root");
        try (LoopDrive drive = LoopDrive.xfs(root, "small", 512);
                VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"), drive.data());
                PluginClient docker = cairn.connect()) {
            refused(docker, "large", Map.of("size", "2G"));
            refused(docker, "large", Map.of("size", "2G", "thick", "true"));
            nothingWasMade(cairn, docker);
            docker.create("fits", Map.of("size", "64M"));
            drive.fill();
            refused(docker, "more", Map.of("size", "64M"));
            assertEquals(1, volumes(cairn.pool()).size());
            drive.empty();
            docker.create("more", Map.of("size", "64M"));
            docker.remove("more");
            docker.remove("fits");
            nothingWasMade(cairn, docker);
        }
    }

    @Test
    void pool_missing_isNotTakenForAnEmptyOne() throws IOException {
        assumeTrue(Shell.canMount(), "loop devices need root");
        try (LoopDrive drive = LoopDrive.xfs(root, "drive", 512);
                VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"), drive.data());
                PluginClient docker = cairn.connect()) {
            docker.create("kept", Map.of("size", "64M"));
            Path away = drive.data().resolve("away");
            Path _ = Files.move(cairn.pool(), away);
            refused(docker, "new", Map.of("size", "64M"));
            assertFalse(Files.exists(cairn.pool().resolve("pool.json")), "no new pool in the place of the old one");
            assertEquals(1, volumes(away).size());
            Shell.removeTree(cairn.pool());
            Path _ = Files.move(away, cairn.pool());
            docker.create("new", Map.of("size", "64M"));
            docker.remove("new");
            docker.remove("kept");
            nothingWasMade(cairn, docker);
        }
    }

    @Test
    void pool_readOnly_takesNoVolume() {
        assumeTrue(Shell.canMount(), "loop devices need root");
        try (LoopDrive drive = new LoopDrive(root, "drive", 512);
                VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"), drive.data());
                PluginClient docker = cairn.connect()) {
            drive.readOnly();
            refused(docker, "new", Map.of("size", "64M"));
            nothingWasMade(cairn, docker);
        }
    }

    @Test
    void pool_withForeignFiles_leavesThemAlone() throws IOException {
        assumeTrue(Shell.canMount(), "loop devices need root");
        try (VolumeDaemon cairn = VolumeDaemon.start(root.resolve("cairn"));
                PluginClient docker = cairn.connect()) {
            docker.create("mine", Map.of("size", "64M"));
            Path directory = cairn.pool().resolve("volumes");
            Path foreign = Files.writeString(directory.resolve("notes.txt"), "not a volume");
            Path odd = Files.createDirectory(directory.resolve("0123456789abcdef0123456789abcdef"));
            Path _ = Files.writeString(odd.resolve("volume.json"), "{\"format\":1,\"name\":\"odd\"");
            assertEquals(0, cairn.stop());
            cairn.startAgain();
            try (PluginClient again = cairn.connect()) {
                assertTrue(again.exists("mine"));
                again.remove("mine");
                assertFalse(again.exists("odd"));
            }
            assertEquals("not a volume", Files.readString(foreign));
            assertTrue(Files.exists(odd.resolve("volume.json")));
            String told = cairn.said() + cairn.volumeEnds("doctor").output();
            assertTrue(told.contains("notes.txt"), told);
            assertTrue(told.contains(odd.getFileName().toString()), told);
            Files.delete(foreign);
        }
    }
}
