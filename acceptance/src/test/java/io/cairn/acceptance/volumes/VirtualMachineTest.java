package io.cairn.acceptance.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.cairn.acceptance.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What needs a kernel that test machines lack: LUKS, limits by cgroup v2, ext4 that grows while it is mounted, NFS, and
 * a machine that dies.
 */
@Tag("acceptance")
final class VirtualMachineTest {
    private static final Duration WITHIN = Duration.ofMinutes(6);
    private static final long GIBIBYTE = 1L << 30;
    private static final int ACKNOWLEDGED = 100;
    private static final Pattern CHECKED = Pattern.compile("^(not )?ok (.*)$", Pattern.MULTILINE);

    @TempDir
    Path directory;

    /** One test for each line in which the guest says how a check ended. */
    @TestFactory
    List<DynamicTest> guarantees_inAWholeLinux_hold() {
        Shell.Ended ended = new VirtualMachine()
                .disk(directory.resolve("pool"), 2 * GIBIBYTE)
                .disk(directory.resolve("existing"), GIBIBYTE / 16)
                .memory(3072)
                .run(WITHIN, "guarantees");
        DynamicTest end = dynamicTest("the job came to its end", () -> {
            assertEquals(0, ended.status(), ended::output);
            assertTrue(ended.output().contains("\nfinished\n"), ended::output);
        });
        return Stream.concat(CHECKED.matcher(ended.output()).results().map(VirtualMachineTest::check), Stream.of(end))
                .toList();
    }

    private static DynamicTest check(MatchResult line) {
        return dynamicTest(line.group(2), () -> assertTrue(line.group(1) == null, line.group()));
    }

    /** The control is in the same run: the volume without fsync must be seen to lose records. */
    @Test
    void machine_killed_keepsWhatWasSynced() {
        Path pool = directory.resolve("pool");
        Shell.Ended killed = new VirtualMachine()
                .disk(pool, GIBIBYTE)
                .killedAt("acknowledged " + ACKNOWLEDGED)
                .run(WITHIN, "records", "write");
        assertEquals(137, killed.status(), killed::output);
        Shell.Ended after = new VirtualMachine().disk(pool, GIBIBYTE).run(WITHIN, "records", "check");
        assertEquals(0, after.status(), after::output);
        assertTrue(count(after, "synced") >= ACKNOWLEDGED, after::output);
        assertTrue(count(after, "unsynced") < ACKNOWLEDGED, () -> "the loss is not detected: " + after.output());
    }

    private static int count(Shell.Ended ended, String volume) {
        Matcher line =
                Pattern.compile("^" + volume + " (\\d+)$", Pattern.MULTILINE).matcher(ended.output());
        assertTrue(line.find(), ended::output);
        return Integer.parseInt(line.group(1));
    }
}
