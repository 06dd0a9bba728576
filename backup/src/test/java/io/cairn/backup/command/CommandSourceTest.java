package io.cairn.backup.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.MemoryBackend;
import io.cairn.backup.Part;
import io.cairn.backup.SourceFault;
import io.cairn.backup.Taken;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as sources, and commands around a copy, with real programs of every system. */
final class CommandSourceTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Repository repository = Repository.create(
            new MemoryBackend(), new byte[] {1}, Actor.thisProcess(Clock.system(), Entropy.seeded(1)));

    @TempDir
    private Path scratch;

    private static Part command(Duration timeout, String... words) {
        return new CommandSource(List.of(words), "", timeout, Clock.system());
    }

    private Taken take(Part part) {
        return part.take(new Backup(repository, Progress.NONE, List.of(), Optional.empty()));
    }

    private Hooks hooks(String before, String after) {
        return new Hooks(
                List.of("sh", "-c", before, scratch.toString()),
                List.of("sh", "-c", "echo " + after + " >>" + scratch.resolve("log")),
                LONG);
    }

    private String log() throws Exception {
        return Files.exists(scratch.resolve("log")) ? Files.readString(scratch.resolve("log")) : "";
    }

    @Test
    void output_ofAProgram_isStored() {
        Taken taken = take(command(LONG, "sh", "-c", "echo hello; echo aside >&2"));
        assertEquals(6, taken.result().bytes());
        assertEquals("6", taken.cut().facts().get("bytes"));
        assertEquals(1, repository.snapshots().size());
    }

    @Test
    void program_thatFailsAfterItsOutput_leavesNoSnapshot() {
        String said = String.valueOf(assertThrows(
                        SourceFault.Damaged.class,
                        () -> take(command(LONG, "sh", "-c", "echo half of it; echo the reason >&2; exit 7")))
                .getMessage());
        assertTrue(said.contains("status 7") && said.contains("the reason"), said);
        assertTrue(repository.snapshots().isEmpty());
    }

    @Test
    void program_thatHangs_isKilledWithWhatItStarted() {
        assertThrows(
                SourceFault.Unreachable.class,
                () -> take(command(Duration.ofMillis(300), "sh", "-c", "echo begun; sleep 1000 & sleep 1000")));
        assertTrue(repository.snapshots().isEmpty());
    }

    @Test
    void program_thatIsNotThere_isRefusedByName() {
        String said = String.valueOf(
                assertThrows(SourceFault.Refused.class, () -> take(command(LONG, "/no/such/program", "hunter2")))
                        .getMessage());
        assertTrue(said.contains("program") && !said.contains("hunter2"), said);
    }

    @Test
    void thaw_afterGoodAndBadCopies_runsOnceEach() throws Exception {
        take(new Hooked(command(LONG, "echo", "good"), hooks("echo quiet >>$0/log", "thawed")));
        assertEquals("quiet\nthawed\n", log());
        assertThrows(
                SourceFault.class,
                () -> take(new Hooked(command(LONG, "false"), hooks("echo quiet >>$0/log", "thawed"))));
        assertEquals("quiet\nthawed\n".repeat(2), log());
    }

    @Test
    void thaw_whenBringingToRestFails_runsAndNothingIsCopied() throws Exception {
        assertThrows(
                SourceFault.Damaged.class,
                () -> take(new Hooked(command(LONG, "echo", "x"), hooks("exit 1", "thawed"))));
        assertEquals("thawed\n", log());
        assertTrue(repository.snapshots().isEmpty());
    }

    @Test
    void thaw_thatFails_isAFaultEvenAfterAGoodCopy() {
        Hooks hooks = new Hooks(List.of("true"), List.of("sh", "-c", "echo stuck >&2; exit 4"), LONG);
        String said = String.valueOf(assertThrows(
                        SourceFault.Unreachable.class, () -> take(new Hooked(command(LONG, "true"), hooks)))
                .getMessage());
        assertTrue(said.contains("stuck") && said.contains("at rest"), said);
    }

    /** What happens when this process is killed: the pipe to the guard breaks, and nobody said that it is done. */
    @Test
    void thaw_whenThePipeBreaks_isRunByTheGuard() throws Exception {
        Path done = scratch.resolve("done");
        String guard = Thaw.GUARD;
        Process process = new ProcessBuilder("sh", "-c", guard, "cairn-thaw", "touch", done.toString()).start();
        assertFalse(Files.exists(done));
        process.getOutputStream().close();
        assertEquals(0, process.waitFor());
        assertTrue(Files.exists(done));
        // The control: told that it is done, it does nothing.
        Process told = new ProcessBuilder("sh", "-c", guard, "cairn-thaw", "touch", done + ".2").start();
        told.getOutputStream().write("done\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        told.getOutputStream().close();
        assertEquals(0, told.waitFor());
        assertFalse(Files.exists(Path.of(done + ".2")));
    }
}
