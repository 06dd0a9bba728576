package io.cairn.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.store.LocalDirectory;
import io.cairn.testkit.Property;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup and a prune that are killed at random moments leave a repository that restic accepts, and the next run goes
 * on.
 */
@Tag("slow")
@Tag("acceptance")
final class KilledBackupTest {
    private static final int ROUNDS = Integer.getInteger("cairn.rounds", 6);

    /** The process that is killed: backs up the directory given first into the repository given second, then prunes. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) {
            Repository repository = open(Path.of(args[1]));
            new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                    .directories(List.of(args[0]), _ -> false);
            new Prune(repository, Progress.NONE).run();
        }
    }

    private static Repository open(Path directory) {
        return TestRepository.open(
                new LocalDirectory(directory, Entropy.secure()), TestRepository.actor(Clock.system()));
    }

    @Test
    void repository_afterSigkillAtRandomMoments_isAcceptedByRestic(@TempDir Path scratch) throws Exception {
        Path directory = scratch.resolve("repo");
        Restic restic = Restic.on(directory, scratch);
        long seed = Property.seed();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Path source = Files.createDirectory(scratch.resolve("source"));
        TestRepository.create(new LocalDirectory(directory, Entropy.secure()));
        // The first round is left alone, and says how long a round takes on this machine.
        long wholeMillis = Long.MAX_VALUE;
        int killed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 12; i++) {
                Files.write(
                        source.resolve("f" + random.nextInt(30)),
                        TestRepository.noise(random.nextLong(), 1 + random.nextInt(6_000_000)));
            }
            Process victim = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Victim.class.getName(),
                            source.toString(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(scratch.resolve("victim.log").toFile())
                    .start();
            long begun = System.nanoTime();
            long moment = round == 0 ? TimeUnit.MINUTES.toMillis(5) : random.nextLong(wholeMillis / 4, wholeMillis);
            if (victim.waitFor(moment, TimeUnit.MILLISECONDS)) {
                assertEquals(0, victim.exitValue(), Files.readString(scratch.resolve("victim.log")));
                wholeMillis = Math.min(wholeMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
            } else {
                victim.destroyForcibly().waitFor();
                killed++;
            }
            restic.run("unlock");
            restic.run("check", "--read-data");
        }
        assertTrue(killed > 0, "no round was killed: nothing was shown");
        Victim.main(new String[] {source.toString(), directory.toString()});
        restic.run("check", "--read-data");
        restic.run("restore", "latest", "--target", scratch.resolve("restored").toString());
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                Path restored =
                        scratch.resolve("restored").resolve(file.toString().substring(1));
                assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(restored));
            }
        }
    }
}
