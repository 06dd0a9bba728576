package io.cairn.console;

import io.cairn.http.Exchange;
import io.cairn.http.Handler;
import io.cairn.volumes.Volumes;
import java.util.List;
import java.util.function.Supplier;

/** What the admin listener answers on a node without a store: health and metrics. Thread-safe. */
public final class VolumesAdminHandler implements Handler {
    private final Volumes volumes;
    private final String version;
    private final Supplier<String> metrics;
    private final AdminAuthentication authentication;

    public VolumesAdminHandler(
            Volumes volumes, String version, Supplier<String> metrics, AdminAuthentication authentication) {
        this.volumes = volumes;
        this.version = version;
        this.metrics = metrics;
        this.authentication = authentication;
    }

    /** The answer of {@code GET /health}. */
    record Report(String status, int volumes, String version, List<String> problems) {}

    @Override
    public void handle(Exchange exchange) {
        try {
            Health.requireGet(exchange);
            route(exchange);
        } catch (AdminRefusal refusal) {
            Answers.refuse(exchange, refusal);
        }
    }

    private void route(Exchange exchange) {
        switch (exchange.target()) {
            case "/health/live" -> Answers.text(exchange, 200, "text/plain", "live\n");
            case "/health/ready" -> Answers.text(exchange, 200, "text/plain", "ready\n");
            default -> routeAuthenticated(exchange, authentication.authenticate(exchange));
        }
    }

    private void routeAuthenticated(Exchange exchange, Caller caller) {
        if (!caller.root()) {
            throw new AdminRefusal(403, "health and metrics of volumes are for the root key");
        }
        switch (exchange.target()) {
            case "/health" -> {
                List<String> problems = VolumesHealth.problems(volumes);
                String status = problems.isEmpty() ? "ok" : "degraded";
                Answers.json(exchange, 200, new Report(status, volumes.list().size(), version, problems));
            }
            case "/metrics" -> Answers.text(exchange, 200, MetricsPage.CONTENT_TYPE, metrics.get());
            default ->
                throw new AdminRefusal(
                        404,
                        "no such resource: " + exchange.target() + "; without a store there are /health, /metrics");
        }
    }
}
