import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Adds up the surefire reports of a run and says what ran, what failed and why each skipped test was skipped.
 *
 * <p>Arguments: the root of the tree, then one sentence for each failure outside of the tests (formatting, a build that
 * stopped), which is counted in. The last line printed is always
 * {@code N passed, N failed, N skipped}. Exit status 1 on any failure.
 */
final class TestSummary {
    private int passed;
    private int failed;
    private int skipped;
    private final Map<String, int[]> modules = new TreeMap<>();
    private final List<String> failures = new java.util.ArrayList<>();
    private final Map<String, Integer> reasons = new TreeMap<>();

    public static void main(String[] args) throws Exception {
        var summary = new TestSummary();
        for (String outside : List.of(args).subList(1, args.length)) {
            summary.failed++;
            summary.failures.add(outside);
        }
        try (var modules = Files.list(Path.of(args[0]))) {
            for (Path module : modules.sorted().toList()) {
                Path reports = module.resolve("target/surefire-reports");
                if (Files.isDirectory(reports)) {
                    summary.addModule(module.getFileName().toString(), reports);
                }
            }
        }
        System.exit(summary.print() ? 0 : 1);
    }

    private void addModule(String module, Path reports) throws Exception {
        try (var files = Files.newDirectoryStream(reports, "TEST-*.xml")) {
            for (Path file : files) {
                addReport(module, file);
            }
        }
    }

    private void addReport(String module, Path file) throws Exception {
        NodeList cases;
        try {
            cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getElementsByTagName("testcase");
        } catch (IOException | org.xml.sax.SAXException unreadable) {
            failed++;
            failures.add(module + " " + file.getFileName() + ": the report cannot be read, so its tests did not end");
            return;
        }
        int[] counts = modules.computeIfAbsent(module, _ -> new int[3]);
        for (int i = 0; i < cases.getLength(); i++) {
            addCase((Element) cases.item(i), counts);
        }
    }

    private void addCase(Element test, int[] counts) {
        String type = test.getAttribute("classname");
        String name = type.substring(type.lastIndexOf('.') + 1) + "." + test.getAttribute("name");
        Element skip = child(test, "skipped");
        Element failure = child(test, "failure") != null ? child(test, "failure") : child(test, "error");
        if (failure != null) {
            counts[1]++;
            failed++;
            failures.add(name + ": " + firstLine(failure));
        } else if (skip != null) {
            counts[2]++;
            skipped++;
            reasons.merge(firstLine(skip), 1, Integer::sum);
        } else {
            counts[0]++;
            passed++;
        }
    }

    private static Element child(Element test, String name) {
        return (Element) test.getElementsByTagName(name).item(0);
    }

    private static String firstLine(Element element) {
        String message = element.getAttribute("message");
        String text = message.isBlank() ? element.getTextContent() : message;
        text = text.replaceFirst("^org\\.opentest4j\\.TestAbortedException: (Assumption failed: )?", "");
        return text.isBlank() ? "no reason given" : text.strip().lines().findFirst().orElseThrow();
    }

    private boolean print() {
        modules.forEach((module, counts) -> System.out.printf(
                "  %-12s %5d passed %4d failed %4d skipped%n", module, counts[0], counts[1], counts[2]));
        reasons.forEach((reason, count) -> System.out.printf("  skipped %d: %s%n", count, reason));
        failures.forEach(failure -> System.out.println("  FAILED " + failure));
        System.out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
        return failed == 0;
    }
}
