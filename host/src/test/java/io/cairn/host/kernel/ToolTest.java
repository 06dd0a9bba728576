package io.cairn.host.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ToolTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    @Test
    void arguments_reachTheProgramAsTheyAre() {
        Tool printf = new Tool("printf", "coreutils");
        Tool.Finished finished = printf.run(BOUND, "%s|%s\n", "a b; $(id) *", "");
        assertEquals(new Tool.Finished(0, "a b; $(id) *|\n"), finished);
    }

    @Test
    void input_reachesTheProgramAndNoOtherWay() {
        Tool cat = new Tool("cat", "coreutils");
        assertEquals(
                "secret",
                cat.run(BOUND, "secret".getBytes(StandardCharsets.UTF_8)).output());
        assertEquals("", cat.run(BOUND).output());
    }

    @Test
    void environment_isNotInherited() {
        List<String> lines = new Tool("env", "coreutils")
                .run(BOUND)
                .output()
                .lines()
                .sorted()
                .toList();
        assertEquals(2, lines.size(), lines.toString());
        assertEquals("LC_ALL=C", lines.getFirst());
        assertTrue(lines.getLast().startsWith("PATH=/usr/local/sbin:"), lines.toString());
    }

    @Test
    void status_andBothStreams_areGiven() {
        Tool.Finished finished = new Tool("cat", "coreutils").run(BOUND, "/nonexistent");
        assertEquals(1, finished.status());
        assertTrue(finished.lastLine().contains("/nonexistent: No such file"), finished.output());
    }

    @Test
    void output_withoutEnd_isCutAndReadToItsEnd() {
        Tool.Finished finished = new Tool("head", "coreutils").run(BOUND, "-c", "1000000", "/dev/zero");
        assertEquals(0, finished.status());
        assertEquals(64 << 10, finished.output().length());
        assertEquals("no output", new Tool.Finished(0, "\n \n").lastLine());
    }

    @Test
    void program_thatDoesNotEnd_isKilledAtItsBound() {
        HostFault fault =
                assertThrows(HostFault.class, () -> new Tool("sleep", "coreutils").run(Duration.ofMillis(50), "1000"));
        assertTrue(fault.getMessage().startsWith("sleep has not ended within"), fault.getMessage());
    }

    @Test
    void program_thatIsNotInstalled_isNamedWithItsPackage() {
        Tool missing = new Tool("no-such-program", "some-package");
        HostFault fault = assertThrows(HostFault.class, () -> missing.run(BOUND));
        assertEquals(Errno.ENOENT, fault.errno());
        assertTrue(fault.getMessage().contains("some-package"), fault.getMessage());
        assertEquals(List.of("no-such-program"), Tool.missing(new Tool("cat", "coreutils"), missing));
    }

    @Test
    void wait_interrupted_killsTheProgramAndKeepsTheInterrupt() throws InterruptedException {
        var interrupted = new AtomicBoolean();
        Thread waiting = Thread.ofVirtual().start(() -> {
            assertThrows(HostFault.class, () -> new Tool("sleep", "coreutils").run(BOUND, "1000"));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        waiting.interrupt();
        assertTrue(waiting.join(BOUND));
        assertTrue(interrupted.get());
    }

    @Test
    void virtualThread_callsOnAPlatformThreadAndGetsItsFault() throws InterruptedException {
        var done = new AtomicBoolean();
        Thread virtual = Thread.ofVirtual().start(() -> {
            assertFalse(PlatformThreads.call(() -> Thread.currentThread().isVirtual()));
            HostFault fault = assertThrows(
                    HostFault.class,
                    () -> PlatformThreads.run(() -> {
                        throw new HostFault("mount", "x", Errno.EBUSY, "");
                    }));
            assertEquals(Errno.EBUSY, fault.errno());
            assertThrows(
                    IllegalStateException.class,
                    () -> PlatformThreads.run(() -> {
                        throw new IllegalStateException("broken");
                    }));
            done.set(true);
        });
        assertTrue(virtual.join(BOUND));
        assertTrue(done.get());
    }
}
