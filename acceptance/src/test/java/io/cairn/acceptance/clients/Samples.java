package io.cairn.acceptance.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Files and trees that are the same in every run, and the digests that tell whether they came back. Stateless. */
final class Samples {
    static final long KIB = 1L << 10;
    static final long MIB = 1L << 20;
    static final long GIB = 1L << 30;

    /** Sizes around every boundary that clients and store have, small enough for every run. */
    static final List<Long> SIZES = List.of(0L, 1L, 4 * KIB, 5 * MIB, 64 * MIB);

    private static final List<String> NAMES = List.of(
            "plain.txt",
            "with space.txt",
            "plus+plus.txt",
            "100%.txt",
            "%41.txt",
            "größe-Ω-日本.txt",
            "emoji-🪨.txt",
            ".dotfile",
            "semi;colon,comma.txt",
            "quote'and(paren)s.txt",
            "equals=amp&.txt",
            "hash#tilde~.txt",
            "at@colon:dollar$.txt",
            "UPPER.TXT",
            "no-extension");

    private Samples() {}

    /** Bytes that depend on the seed alone. */
    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** A file of bytes that depend on its size alone. */
    static Path file(Path directory, long size) {
        Path file = directory.resolve(size + ".bin");
        try (OutputStream out = Files.newOutputStream(file)) {
            var random = new SplittableRandom(size);
            byte[] chunk = new byte[(int) MIB];
            for (long left = size; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
            return file;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /**
     * Makes a tree like a source tree: nested directories, many small files, some of a few hundred KiB, empty ones,
     * dotfiles, and names with everything that clients have to escape.
     */
    static void tree(Path root, int files) {
        var random = new SplittableRandom(files);
        try {
            for (int i = 0; i < files; i++) {
                Path directory = root.resolve("module " + i % 17).resolve("src").resolve("p" + i / 17 % 41);
                if (i % 7 == 0) {
                    directory = directory.resolve("deep+er").resolve(".hidden").resolve("ünï");
                }
                Files.createDirectories(directory);
                byte[] content = new byte[size(i, random)];
                random.nextBytes(content);
                Files.write(directory.resolve(i + "-" + NAMES.get(i % NAMES.size())), content);
            }
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static int size(int i, SplittableRandom random) {
        if (i % 23 == 0) {
            return 0;
        }
        return i % 101 == 0 ? random.nextInt(400_000) : random.nextInt(6_000);
    }

    static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return digest(in);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** Reads to the end. */
    static String digest(InputStream in) throws IOException {
        var counted = new DigestInputStream(in, sha256());
        counted.transferTo(OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(counted.getMessageDigest().digest());
    }

    /** A digest over the relative paths and contents of all files below a directory. */
    static String treeDigest(Path root) {
        MessageDigest digest = sha256();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path file : paths.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(digest(file).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
