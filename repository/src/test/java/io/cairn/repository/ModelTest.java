package io.cairn.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The model of deletion holds, and each weakened one fails. */
@Tag("slow")
@Tag("acceptance")
final class ModelTest {
    @Test
    void model_checkedBySpin_holdsAndItsControlsFail() throws Exception {
        boolean there = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "spin")));
        assumeTrue(there, "spin is not installed");
        Path run = Path.of(System.getProperty("cairn.root", ".."), "docs/models/run");
        Process process =
                new ProcessBuilder(run.toString()).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(600, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), text);
        assertTrue(text.contains("all as expected"), text);
    }
}
