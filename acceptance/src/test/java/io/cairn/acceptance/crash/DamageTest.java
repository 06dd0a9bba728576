package io.cairn.acceptance.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes flip on one drive, anywhere: in segments, in the tables and logs of both RocksDBs, in the Raft log, in the
 * small files. A read is right or fails; it is never wrong, and nothing is ever missing in silence.
 * {@code -Dcairn.rounds=N} for more.
 */
@Tag("slow")
final class DamageTest {
    private static final long USUAL = 7;
    private static final int OBJECTS = 60;
    private static final int FLIPS_PER_FILE_MAX = 3;
    private static final long REPAIR_MILLIS_MAX = 40_000;
    private static final String SOUND = "\"status\":\"ok\"";

    private final Ledger ledger = new Ledger();
    private final List<Path> data = new ArrayList<>();

    private Path scratch;
    private SplittableRandom random;
    private int served;
    private int refusedStarts;

    /** With one copy, damage costs what it hits and says so: an error, or a daemon that does not start. */
    @ParameterizedTest
    @ValueSource(ints = 1)
    void read_anyByteFlippedOnTheOnlyDrive_isRightOrFails(int drives) throws Exception {
        long seed = prepare(drives);
        int rounds = Integer.getInteger("cairn.rounds", 6);
        Path sound = copy(data.getFirst(), scratch.resolve("sound"));
        for (int round = 0; round < rounds; round++) {
            Scratch.delete(data.getFirst());
            copy(sound, data.getFirst());
            // Damage to small files mostly ends in a daemon that does not start; half of the rounds spare them.
            String where = round % 2 == 0 ? "segments" : "";
            String flipped = flip(data.getFirst(), where, 1 + random.nextInt(4));
            serve(flipped, false);
            assertEquals(List.of(), ledger.breaches(), "seed " + seed + "; damaged: " + flipped + " in " + scratch);
        }
        System.out.println(served + " reads served or refused, " + refusedStarts + " refused starts");
        Scratch.delete(scratch);
    }

    /** With three drives nothing is lost, and what was repaired bears the next damage elsewhere. */
    @ParameterizedTest
    @ValueSource(ints = 3)
    void read_bytesFlippedOnOneDriveAfterAnother_isAlwaysRight(int drives) throws Exception {
        long seed = prepare(drives);
        int rounds = Integer.getInteger("cairn.rounds", 3);
        for (int round = 0; round < rounds; round++) {
            String flipped = flip(data.get(round % drives), "", 4);
            serve(flipped, true);
            assertEquals(List.of(), ledger.breaches(), "seed " + seed + "; damaged: " + flipped + " in " + scratch);
        }
        Scratch.delete(scratch);
    }

    private long prepare(int drives) throws Exception {
        // Seed 20261122 meets what durability.md, "Damage", says of a leader whose database is damaged inside.
        long seed = Long.getLong("cairn.seed", Boolean.getBoolean("cairn.explore") ? Property.seed() : USUAL);
        random = new SplittableRandom(seed);
        scratch = Files.createTempDirectory("cairn-damage");
        System.out.println("seed " + seed + ", " + drives + " drives in " + scratch);
        IntStream.range(0, drives).forEach(i -> data.add(scratch.resolve("d" + i)));
        try (Daemon daemon = Daemon.launch(scratch, data);
                S3Client client = daemon.listening()) {
            assertTrue(client.put("/" + Ledger.BUCKET, new byte[0]).done());
            for (int i = 0; i < OBJECTS; i++) {
                Entry entry = ledger.entry("object/" + i);
                Content content = Content.single(random.nextLong(), size(i));
                assertTrue(client.put(entry.path(), content.bytes()).done());
                entry.settle(Optional.of(content));
            }
            assertEquals(0, daemon.stop() % 128 % 15);
        }
        return seed;
    }

    private int size(int i) {
        return switch (i % 4) {
            case 0 -> random.nextInt(4 << 10);
            case 1 -> random.nextInt(60 << 10);
            case 2 -> (64 << 10) + random.nextInt(900 << 10);
            default -> i % 20 == 3 ? 5 << 20 : random.nextInt(200 << 10);
        };
    }

    /** Flips bytes in some files, the rarer kinds of files as often as segments, and tells where. */
    private String flip(Path drive, String below, int files) throws IOException {
        StringBuilder told = new StringBuilder();
        List<Path> all;
        try (Stream<Path> walk = Files.walk(drive.resolve(below))) {
            all = walk.filter(file -> Files.isRegularFile(file) && size(file) > 0)
                    .sorted()
                    .toList();
        }
        List<Path> directories = all.stream().map(Path::getParent).distinct().toList();
        for (int i = 0; i < files; i++) {
            Path directory = directories.get(random.nextInt(directories.size()));
            List<Path> inside = all.stream()
                    .filter(file -> file.getParent().equals(directory))
                    .toList();
            Path file = inside.get(random.nextInt(inside.size()));
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                for (int flips = 1 + random.nextInt(FLIPS_PER_FILE_MAX); flips > 0; flips--) {
                    // Half of the flips hit the beginning, where headers and small files are.
                    long within = random.nextBoolean() ? Math.min(bytes.length(), 8192) : bytes.length();
                    long at = random.nextLong(within);
                    bytes.seek(at);
                    int old = bytes.read();
                    bytes.seek(at);
                    bytes.write(old ^ 1 << random.nextInt(8));
                    told.append(drive.relativize(file)).append('@').append(at).append(' ');
                }
            }
        }
        return told.toString();
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private void serve(String flipped, boolean redundant) throws Exception {
        try (Daemon daemon = Daemon.launch(scratch, data);
                S3Client client = daemon.listening()) {
            for (Entry entry : ledger.entries()) {
                read(client, entry, flipped, redundant);
            }
            if (redundant) {
                new Audit(ledger, client).run(_ -> true);
                awaitRepair(client, daemon);
            }
            daemon.stop();
        } catch (Daemon.NoStartException refused) {
            refusedStarts++;
            boolean clear = refused.getMessage().contains("cairn start: ");
            if (redundant || !clear) {
                ledger.breach("the daemon did not start with " + flipped + ": " + refused.getMessage());
            } else {
                System.out.println(flipped + ": " + lastLine(refused.getMessage()));
            }
        }
    }

    private static String lastLine(String text) {
        return text.strip().lines().reduce("", (_, line) -> line);
    }

    private void read(S3Client client, Entry entry, String flipped, boolean redundant) {
        Content content = entry.settled().orElseThrow();
        try {
            Answer answer = client.get(entry.path());
            boolean right = answer.status() == 200 && content.is(answer.body());
            boolean failed = answer.status() / 100 == 5;
            served++;
            if (!right && (redundant || !failed)) {
                ledger.breach(entry.path() + " of " + content.size() + " bytes answers " + answer.status() + " with "
                        + answer.body().length + " bytes after " + flipped);
            }
        } catch (IOException cut) {
            if (redundant) {
                ledger.breach(entry.path() + " was cut off after " + flipped + ": " + cut);
            }
        }
    }

    /** The readers reported what is damaged, and the members of the log are looked after: all of it is rebuilt. */
    private void awaitRepair(S3Client client, Daemon daemon) throws Exception {
        String health = daemon.health();
        for (long waited = 0; waited < REPAIR_MILLIS_MAX && !health.contains(SOUND); waited += 500) {
            Thread.sleep(500);
            health = daemon.health();
        }
        if (!health.contains(SOUND)) {
            ledger.breach("not repaired after " + REPAIR_MILLIS_MAX + " ms: " + health);
        }
        for (Entry entry : ledger.entries()) {
            read(client, entry, "repair", true);
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
        return to;
    }
}
