import java.io.PrintStream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests that are named by class or {@code class#method} and prints a line for each as it ends. The last line
 * is {@code N passed, N failed, N skipped}; exit status 1 when one failed or none passed.
 */
final class GuestTests implements TestExecutionListener {
    private final PrintStream out = System.out;
    private int passed;
    private int failed;
    private int skipped;

    public static void main(String[] tests) {
        var request = LauncherDiscoveryRequestBuilder.request();
        for (String test : tests) {
            request.selectors(
                    test.contains("#") ? DiscoverySelectors.selectMethod(test) : DiscoverySelectors.selectClass(test));
        }
        var seen = new GuestTests();
        LauncherFactory.create().execute(request.build(), seen);
        seen.out.printf("%d passed, %d failed, %d skipped%n", seen.passed, seen.failed, seen.skipped);
        System.exit(seen.failed == 0 && seen.passed > 0 ? 0 : 1);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skipped++;
        out.println("skipped " + test.getDisplayName() + ": " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        String name = test.getDisplayName();
        String reason = result.getThrowable().map(Throwable::toString).orElse("");
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    passed++;
                    out.println("passed  " + name);
                }
            }
            case ABORTED -> executionSkipped(test, reason);
            case FAILED -> {
                failed++;
                out.println("FAILED  " + name);
                result.getThrowable().ifPresent(failure -> failure.printStackTrace(out));
            }
        }
    }
}
