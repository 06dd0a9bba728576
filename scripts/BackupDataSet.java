import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Makes and changes the data set of scripts/bench-backup: 30,000 files of 4 to 64 KiB, half of them text; and five
 * large ones, among them a half duplicate at an odd offset. The same seed makes the same bytes. Usage: make DIR
 * SCALE_PERCENT, or change DIR.
 */
final class BackupDataSet {
    private static final int MIB = 1 << 20;
    private static final int EXTENT = 64 << 10;
    private static final int SMALL_FILES = 30_000;
    private static final String[] WORDS =
            ("select insert into values order customer product price shipped pending invoice 2026 2025 true false null"
                            + " name street city email total quantity warehouse the of and a to in is you that it he"
                            + " was for on are")
                    .split(" ");

    private BackupDataSet() {}

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[1]);
        if (args[0].equals("make")) {
            make(root, Integer.parseInt(args[2]));
        } else {
            change(root, new SplittableRandom(77));
        }
    }

    private static void make(Path root, int percent) throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        Files.createDirectories(root.resolve("large"));
        for (int i = 0; i < SMALL_FILES * percent / 100; i++) {
            Path directory = root.resolve("small/d%03d".formatted(i / 100));
            Files.createDirectories(directory);
            int length = 4096 + random.nextInt(60 << 10);
            byte[] bytes = i % 2 == 0 ? text(random, length) : noise(random, length);
            Files.write(directory.resolve("f" + i), bytes);
        }
        byte[] random256 = noise(random, 256 * MIB / 100 * percent);
        Files.write(root.resolve("large/random"), random256);
        byte[] half = noise(random, random256.length);
        System.arraycopy(random256, 12_345, half, 54_321, random256.length / 2);
        Files.write(root.resolve("large/half-duplicate"), half);
        Files.write(root.resolve("large/dump.sql"), text(random, 192 * MIB / 100 * percent));
        Files.write(root.resolve("large/pages"), pages(random, 128 * MIB / 100 * percent));
        Files.write(root.resolve("large/blob"), noise(random, 64 * MIB / 100 * percent));
    }

    private static byte[] noise(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            String word = random.nextInt(6) == 0
                    ? Integer.toString(random.nextInt(1_000_000))
                    : WORDS[random.nextInt(WORDS.length)];
            for (int i = 0; i < word.length() && at < length; i++) {
                bytes[at++] = (byte) word.charAt(i);
            }
            if (at < length) {
                bytes[at++] = (byte) (random.nextInt(12) == 0 ? '\n' : ' ');
            }
        }
        return bytes;
    }

    /** Pages of 8 KiB as a database has them: a header, rows, and free space. */
    private static byte[] pages(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        for (int page = 0; page + 8192 <= length; page += 8192) {
            byte[] rows = text(random, 3000);
            System.arraycopy(noise(random, 24), 0, bytes, page, 24);
            System.arraycopy(rows, 0, bytes, page + 8192 - rows.length, rows.length);
        }
        return bytes;
    }

    /** Overwrites 5 % of the large files in extents of 64 KiB at random places, and rewrites 5 % of the small files. */
    private static void change(Path root, SplittableRandom random) throws IOException {
        try (var files = Files.list(root.resolve("large"))) {
            for (Path file : files.sorted().toList()) {
                boolean text = file.endsWith("dump.sql") || file.endsWith("pages");
                try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                    long extents = open.length() / EXTENT;
                    for (long i = 0; i < extents / 20; i++) {
                        open.seek(random.nextLong(extents) * EXTENT);
                        open.write(text ? text(random, EXTENT) : noise(random, EXTENT));
                    }
                }
            }
        }
        try (var files = Files.walk(root.resolve("small"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (random.nextInt(20) == 0) {
                    int length = (int) Files.size(file);
                    boolean text = Integer.parseInt(file.getFileName().toString().substring(1)) % 2 == 0;
                    Files.write(file, text ? text(random, length) : noise(random, length));
                }
            }
        }
    }
}
