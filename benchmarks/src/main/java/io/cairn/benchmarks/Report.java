package io.cairn.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects what a run saw; prints it as Markdown tables, or writes it as JSON. For one thread. */
final class Report {
    private final List<String> facts = new ArrayList<>();
    private final List<Bar> bars = new ArrayList<>();
    private final List<Measured> operations = new ArrayList<>();

    /** Notes something about machine or run, and shows it at once. */
    void fact(String text) {
        facts.add(text);
        System.out.println(text);
    }

    void bar(Bar bar) {
        bars.add(bar);
    }

    void operation(Measured measured) {
        operations.add(measured);
        System.out.println(row(measured));
        for (Measured.Round round : measured.rounds()) {
            if (round.load().failures() > 0) {
                fact("FAILED: " + round.load().failures() + " of "
                        + round.load().calls() + " calls of " + measured.name() + ", first: "
                        + round.load().complaint());
            }
        }
    }

    /** Whether every call succeeded. */
    boolean clean() {
        return operations.stream()
                .flatMap(measured -> measured.rounds().stream())
                .allMatch(round -> round.load().failures() == 0);
    }

    boolean allHold() {
        return bars.stream().allMatch(Bar::holds);
    }

    static String operationsHead() {
        return "\n| operation | per second | slowest to fastest round | MB/s | p50 ms | p99 ms | p99.9 ms "
                + "| server CPU ms per 1,000 |\n|---|---|---|---|---|---|---|---|";
    }

    private static String row(Measured measured) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s to %s | %s | %.2f | %.2f | %.2f | %.0f |",
                measured.name(),
                number(measured.perSecond()),
                number(measured.slowestPerSecond()),
                number(measured.fastestPerSecond()),
                number(measured.bytesPerSecond() / 1e6),
                measured.millisAt(50),
                measured.millisAt(99),
                measured.millisAt(99.9),
                measured.cpuMillisPerThousand());
    }

    void printBars() {
        System.out.println("\n| bar | limit | figure | control in this run | figure : limit | verdict |");
        System.out.println("|---|---|---|---|---|---|");
        for (Bar bar : bars) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s %s | %s | %.2f | %s |%n",
                    bar.name(),
                    bar.limit(),
                    number(bar.figure()),
                    bar.unit(),
                    bar.control().isEmpty() ? "–" : bar.control(),
                    bar.margin(),
                    bar.holds() ? "holds" : "MISSED");
        }
    }

    /** Large figures without decimals, small ones with two. */
    static String number(double value) {
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    }

    void writeJson(Path file) throws IOException {
        List<String> barTexts = bars.stream().map(Report::json).toList();
        List<String> operationTexts = operations.stream().map(Report::json).toList();
        List<String> factTexts = facts.stream().map(Report::quoted).toList();
        Files.writeString(
                file,
                "{\"facts\": [" + String.join(", ", factTexts) + "],\n \"bars\": [\n  "
                        + String.join(",\n  ", barTexts) + "],\n \"operations\": [\n  "
                        + String.join(",\n  ", operationTexts) + "]}\n");
    }

    private static String json(Bar bar) {
        return String.format(
                Locale.ROOT,
                "{\"name\": %s, \"limit\": %s, \"need\": %.3f, \"figure\": %.3f, \"unit\": %s, \"control\": %s,"
                        + " \"margin\": %.3f, \"holds\": %b}",
                quoted(bar.name()),
                quoted(bar.limit()),
                bar.need(),
                bar.figure(),
                quoted(bar.unit()),
                quoted(bar.control()),
                bar.margin(),
                bar.holds());
    }

    private static String json(Measured measured) {
        return String.format(
                Locale.ROOT,
                "{\"name\": %s, \"rounds\": %d, \"perSecond\": %.3f, \"bytesPerSecond\": %.0f, \"p50Millis\": %.3f,"
                        + " \"p99Millis\": %.3f, \"p999Millis\": %.3f, \"serverCpuMillisPerThousand\": %.3f}",
                quoted(measured.name()),
                measured.rounds().size(),
                measured.perSecond(),
                measured.bytesPerSecond(),
                measured.millisAt(50),
                measured.millisAt(99),
                measured.millisAt(99.9),
                measured.cpuMillisPerThousand());
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> {
                    if (c >= ' ') {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
