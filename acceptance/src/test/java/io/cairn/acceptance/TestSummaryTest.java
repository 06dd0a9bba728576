package io.cairn.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The summary that ends {@code ./check} counts what surefire reported, and fails where anything did. */
final class TestSummaryTest {
    private static final Path SCRIPT = Path.of(System.getProperty("cairn.root", ".."), "scripts/TestSummary.java");
    private static final String PASSED = "<testcase name='a' classname='x.ATest'/>";
    private static final String SKIPPED = "<testcase name='b' classname='x.ATest'><skipped message="
            + "'org.opentest4j.TestAbortedException: Assumption failed: no fuse here'/></testcase>";
    private static final String FAILED =
            "<testcase name='c' classname='x.ATest'><failure message='1 is not 2'/></testcase>";
    private static final String BROKEN =
            "<testcase name='d' classname='x.ATest'><error>java.io.IOException</error></testcase>";

    @TempDir
    private Path tree;

    private record Outcome(int status, List<String> lines) {}

    @Test
    void reports_allPassedOrSkipped_areCountedWithReasons() throws Exception {
        report("one", PASSED + SKIPPED);
        report("two", PASSED);
        Outcome outcome = summary();
        assertEquals(0, outcome.status());
        assertEquals("2 passed, 0 failed, 1 skipped", outcome.lines().getLast());
        assertTrue(outcome.lines().contains("  skipped 1: no fuse here"), outcome.toString());
    }

    @Test
    void reports_withFailureAndError_fail() throws Exception {
        report("one", PASSED + FAILED + BROKEN);
        Outcome outcome = summary();
        assertEquals(1, outcome.status());
        assertEquals("1 passed, 2 failed, 0 skipped", outcome.lines().getLast());
        assertTrue(outcome.lines().contains("  FAILED ATest.c: 1 is not 2"), outcome.toString());
    }

    @Test
    void report_cutOff_isAFailure() throws Exception {
        Path reports = report("one", PASSED);
        Files.writeString(reports.resolve("TEST-x.BTest.xml"), "<testsuite><testcase name='a'");
        assertEquals("1 passed, 1 failed, 0 skipped", summary().lines().getLast());
    }

    @Test
    void problem_outsideOfTheTests_isAFailure() throws Exception {
        Outcome outcome = summary("formatting: not so");
        assertEquals(1, outcome.status());
        assertEquals(List.of("  FAILED formatting: not so", "0 passed, 1 failed, 0 skipped"), outcome.lines());
    }

    private Path report(String module, String cases) throws Exception {
        Path reports = Files.createDirectories(tree.resolve(module).resolve("target/surefire-reports"));
        Files.writeString(reports.resolve("TEST-x.ATest.xml"), "<testsuite>" + cases + "</testsuite>");
        return reports;
    }

    private Outcome summary(String... problems) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                SCRIPT.toString(),
                tree.toString()));
        command.addAll(List.of(problems));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> lines =
                new String(process.getInputStream().readAllBytes()).lines().toList();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "java did not end");
        return new Outcome(process.exitValue(), lines);
    }
}
