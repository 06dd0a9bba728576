package io.cairn.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path directory;

    @Test
    void bar_onEitherSideOfItsLimit_saysSo() {
        assertTrue(Bar.atLeast("rate", 10, 10, "/s").holds());
        assertFalse(Bar.atLeast("rate", 10, 9.9, "/s").holds());
        assertTrue(Bar.atMost("time", 10, 9.9, "ms").holds());
        assertFalse(Bar.atMost("time", 10, 10, "ms").holds());
        assertEquals(0.5, Bar.atMost("time", 10, 20, "ms").margin());
        Bar share = Bar.share("rate", 0.6, "the disk", 1000, 500, "MB/s");
        assertFalse(share.holds());
        assertEquals(500.0 / 600, share.margin());
    }

    @Test
    void measured_ofThreeRounds_isTheirMedian() {
        Measured measured = new Measured("puts", List.of(round(100, 1), round(300, 1), round(200, 4)));
        assertEquals(200, measured.perSecond());
        assertEquals(100, measured.slowestPerSecond());
        assertEquals(300, measured.fastestPerSecond());
        assertEquals(10_000, measured.cpuMillisPerThousand());
    }

    @Test
    void json_withQuotesInFacts_isWellFormed() throws IOException {
        Report report = new Report();
        report.fact("a \"fact\" with \\ and\nlines");
        report.bar(Bar.atLeast("rate", 10, 11, "/s"));
        report.operation(new Measured("puts", List.of(round(100, 1))));
        Path file = directory.resolve("report.json");
        report.writeJson(file);
        String text = Files.readString(file);
        assertTrue(text.contains("\"a \\\"fact\\\" with \\\\ and\\nlines\""), text);
        assertTrue(text.contains("\"holds\": true"), text);
        assertTrue(report.allHold() && report.clean());
    }

    private static Measured.Round round(long calls, double cpuSeconds) {
        Histogram micros = new Histogram(1_000, 3);
        micros.recordValue(10);
        return new Measured.Round(new S3Load.Result(calls, calls, 1, micros, 0, ""), cpuSeconds);
    }
}
