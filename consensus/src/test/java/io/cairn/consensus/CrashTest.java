package io.cairn.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed at random moments under load; what it had answered must be there, once. This shows what a kill
 * can show: the order of answers and recovery. That answers wait for the sync itself is shown by the simulation of
 * power loss.
 */
@Tag("slow")
@Timeout(400)
final class CrashTest {
    private static final int RUNS = 20;
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir
    Path directory;

    @Test
    void kill_ofOneMember_losesNothingAnswered() throws Exception {
        killAndCheck(1, RUNS);
    }

    @Test
    void kill_ofThreeMembers_losesNothingAnswered() throws Exception {
        killAndCheck(3, RUNS / 2);
    }

    @Test
    void control_answersGivenTooEarly_areFoundMissing() throws Exception {
        List<String> missing = new ArrayList<>();
        for (int run = 0; run < 5 && missing.isEmpty(); run++) {
            missing.addAll(missing(1, runAndKill(1, run, true)));
        }
        assertFalse(missing.isEmpty(), "the test notices lost commands");
    }

    private void killAndCheck(int members, int runs) throws Exception {
        List<String> answered = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            List<String> now = runAndKill(members, run, false);
            assertFalse(now.isEmpty(), "the process answered commands, seed " + seed);
            answered.addAll(now);
            assertEquals(List.of(), missing(members, answered), "missing after run " + run + ", seed " + seed);
        }
    }

    private List<String> missing(int members, List<String> answered) {
        RatisLogOptions options = Logs.options().withSnapshots(500, 1 << 20, 256 * 1024);
        try (RatisLog log = Logs.open(options, directory, members)) {
            byte[] _ = log.submit(new byte[0]);
            TallyState state = (TallyState) log.leaderState();
            state.counts.forEach((command, count) -> assertTrue(command.isEmpty() || count == 1, command));
            return answered.stream()
                    .filter(command -> state.count(command) != 1)
                    .toList();
        }
    }

    private List<String> runAndKill(int members, int run, boolean lie) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashChild.class.getName(),
                        directory.toString(),
                        Integer.toString(members),
                        Integer.toString(run),
                        Boolean.toString(lie))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> answered = new ArrayList<>();
        Thread killer = null;
        try (BufferedReader lines = child.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                answered.add(line);
                if (killer == null) {
                    long after = random.nextLong(30, 900);
                    killer = Thread.ofPlatform().start(() -> killAfter(child, after));
                }
            }
        }
        assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        // The last line may be half a command.
        if (!answered.isEmpty() && !lie) {
            answered.removeLast();
        }
        return answered;
    }

    private static void killAfter(Process child, long millis) {
        try {
            if (!child.waitFor(millis, TimeUnit.MILLISECONDS)) {
                // By its handle: Process.destroyForcibly would also close the output that is still to be read.
                child.toHandle().destroyForcibly();
            }
        } catch (InterruptedException e) {
            child.toHandle().destroyForcibly();
        }
    }
}
