package io.cairn.acceptance.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} at random moments under load, again and again on the same data. {@code -Dcairn.rounds=200} for more.
 */
@Tag("slow")
final class KillTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void daemon_killedUnderLoad_keepsEveryPromise(int drives) throws IOException, InterruptedException {
        long seed = Property.seed();
        int rounds = Integer.getInteger("cairn.rounds", 10);
        Path scratch = Files.createTempDirectory("cairn-kill");
        System.out.println("seed " + seed + ", " + rounds + " rounds in " + scratch);
        Campaign campaign = new Campaign(new SplittableRandom(seed), new KilledProcess(scratch, drives), scratch);
        List<String> breaches = campaign.run(rounds);
        assertEquals(List.of(), breaches, "seed " + seed + "; data and log are in " + scratch);
        assertTrue(
                campaign.ledger().acknowledgedWrites() > rounds,
                campaign.ledger().toString());
        Scratch.delete(scratch);
    }

    /** A machine whose process dies and that loses nothing else. */
    private record KilledProcess(Path scratch, int drives) implements Machine {
        @Override
        public List<Path> data() {
            return IntStream.range(0, drives)
                    .mapToObj(i -> scratch.resolve("d" + i))
                    .toList();
        }

        @Override
        public void crash(Daemon daemon) throws InterruptedException {
            daemon.kill();
        }

        @Override
        public void close() {}
    }
}
