package io.cairn.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** A directory tree with most of what file systems can have. */
final class SampleTree {
    private SampleTree() {}

    /** Makes the tree below {@code root}, the same for the same seed. */
    static void make(Path root, long seed) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        for (String directory : new String[] {"a", "a/b", "a/b/c", "empty", "umläut ✓", "with \"quotes\" and \\"}) {
            Files.createDirectories(root.resolve(directory));
        }
        for (int i = 0; i < 60; i++) {
            write(
                    root.resolve(i % 2 == 0 ? "a" : "a/b").resolve("file-" + i),
                    random,
                    random.nextInt(40_000),
                    i % 3 == 0);
        }
        write(root.resolve("a/large"), random, 5_000_000, false);
        write(root.resolve("a/b/text"), random, 3_000_000, true);
        Files.copy(root.resolve("a/large"), root.resolve("a/b/c/copy-of-large"));
        Files.write(root.resolve("nothing"), new byte[0]);
        Files.writeString(root.resolve("umläut ✓/näme\twith tab"), "x");
        Files.writeString(root.resolve("with \"quotes\" and \\/<html>&amp;"), "y");
        Files.createSymbolicLink(root.resolve("link"), Path.of("a/large"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere/at all"));
        Files.createLink(root.resolve("hard"), root.resolve("a/large"));
        shell(
                root,
                "mkfifo pipe; printf z > \"$(printf 'raw\\377name')\"; truncate -s 9M sparse;"
                        + " printf middle | dd of=sparse bs=1 seek=5000000 conv=notrunc 2>/dev/null;"
                        + " setfattr -n user.colour -v blue nothing 2>/dev/null || true");
        Files.setPosixFilePermissions(root.resolve("nothing"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(
                root.resolve("nothing"), FileTime.from(Instant.ofEpochSecond(1_000_000_000, 123_456_789)));
        shell(root, "chmod 6711 hard; chmod 1777 empty");
        Files.setLastModifiedTime(root.resolve("empty"), FileTime.from(Instant.ofEpochSecond(1_100_000_000)));
    }

    static void write(Path file, SplittableRandom random, int length, boolean text) throws IOException {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (text) {
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) ("etaoin shrdlu\n".charAt((bytes[i] & 0xff) % 14));
            }
        }
        Files.write(file, bytes);
    }

    static String shell(Path directory, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes());
        process.waitFor(60, TimeUnit.SECONDS);
        return text;
    }

    /** Everything that can be compared of a tree, one line per file; empty where a tool is missing. */
    static String description(Path root) throws IOException, InterruptedException {
        return shell(
                root,
                "find . -printf '%P|%y|%m|%U|%G|%s|%T@|%l|%n\\n' |"
                        + " sed 's/|d|\\([0-9]*\\)|\\([0-9]*\\)|\\([0-9]*\\)|[0-9]*|/|d|\\1|\\2|\\3||/'"
                        + " | LC_ALL=C sort;"
                        + " find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum;"
                        + " getfattr -R -d -m - . 2>/dev/null");
    }
}
