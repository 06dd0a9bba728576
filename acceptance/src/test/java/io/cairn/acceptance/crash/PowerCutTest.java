package io.cairn.acceptance.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.simulation.power.PowerLoss;
import io.cairn.simulation.power.Syncs;
import io.cairn.simulation.power.VolatileMount;
import io.cairn.testkit.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The power is cut under the whole program, on file systems that lose what was not synced; and the same test on file
 * systems that ignore some syncs, which must find the loss. {@code -Dcairn.rounds=50} for more.
 */
@Tag("slow")
final class PowerCutTest {
    private static final int OBJECT_BYTES_MAX = 1_500_000;

    @BeforeAll
    static void canMount() {
        assumeTrue(
                VolatileMount.obstacle().isEmpty(),
                () -> VolatileMount.obstacle().orElse(""));
    }

    @ParameterizedTest
    @CsvSource({"1, DROP", "1, REORDER", "3, DROP", "3, REORDER"})
    void daemon_powerCutUnderLoad_keepsEveryPromise(int drives, PowerLoss loss) throws Exception {
        int rounds = Integer.getInteger("cairn.rounds", 5);
        Result result = campaign(drives, loss, rounds, Syncs.HONOURED);
        assertEquals(List.of(), result.breaches(), result.where());
        assertTrue(result.acknowledged() > rounds, result.where());
        Scratch.delete(result.scratch());
    }

    /** The control: a store that does not sync its segments is caught. */
    @Test
    void daemon_segmentsNotSynced_isCaught() throws Exception {
        isCaught((path, _) -> !path.contains("/segments/"));
    }

    /** The control: a store that does not sync its metadata log is caught. */
    @Test
    void daemon_logNotSynced_isCaught() throws Exception {
        isCaught((path, directory) -> directory || !path.contains("/log_"));
    }

    /** The control: a store that does not sync its directories is caught. */
    @Test
    void daemon_directoriesNotSynced_isCaught() throws Exception {
        isCaught((_, directory) -> !directory);
    }

    private static void isCaught(Syncs syncs) throws Exception {
        Result result = campaign(1, PowerLoss.DROP, 5, syncs);
        assertFalse(result.breaches().isEmpty(), result.where());
        System.out.println("caught: " + result.breaches().getFirst());
        Scratch.delete(result.scratch());
    }

    private record Result(long seed, Path scratch, List<String> breaches, long acknowledged) {
        String where() {
            return "seed " + seed + ", " + acknowledged + " writes; data and log are in " + scratch;
        }
    }

    private static Result campaign(int drives, PowerLoss loss, int rounds, Syncs syncs)
            throws IOException, InterruptedException {
        long seed = Property.seed();
        SplittableRandom random = new SplittableRandom(seed);
        Path scratch = Files.createTempDirectory("cairn-power");
        System.out.println(
                "seed " + seed + ", " + drives + " drives, " + loss + ", " + rounds + " rounds in " + scratch);
        try (VolatileMachine machine = new VolatileMachine(scratch, drives, loss, random.split())) {
            Campaign campaign = new Campaign(random, machine, scratch).objectsUpTo(OBJECT_BYTES_MAX);
            if (syncs != Syncs.HONOURED) {
                // The store is made honestly, so that what is caught is the loss of writes and not of the whole store.
                assertEquals(List.of(), campaign.run(1), "before any sync was ignored");
                machine.lie(syncs);
            }
            List<String> breaches = campaign.run(rounds);
            return new Result(seed, scratch, breaches, campaign.ledger().acknowledgedWrites());
        }
    }
}
