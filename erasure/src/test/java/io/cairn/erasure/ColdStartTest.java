package io.cairn.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which kernel serves in a process that has just started: the question is which, not how fast. */
final class ColdStartTest {
    @Test
    void firstEncode_ofANewProcess_isScalar_andLaterOnesAreVector() throws Exception {
        String output = run("--add-modules=jdk.incubator.vector");
        assertTrue(output.contains("scalar then vector-"), output);
        assertTrue(output.contains(" equal"), output);
    }

    @Test
    void process_withoutTheVectorApi_staysScalarQuietly() throws Exception {
        String output = run();
        assertEquals("scalar then scalar equal", output.strip());
    }

    private static String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ColdStart.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), output);
        assertEquals(0, process.exitValue(), output);
        assertFalse(output.contains("Exception") || output.contains("Error"), output);
        return output;
    }
}
