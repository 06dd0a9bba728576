package io.cairn.console;

import io.cairn.engine.DriveView;
import io.cairn.engine.ObjectStore;
import io.cairn.http.Exchange;
import io.cairn.model.MetadataView;
import io.cairn.model.StorageFault;
import java.util.ArrayList;
import java.util.List;

/** Liveness, readiness and the node's health in full. Thread-safe. */
final class Health {
    private final ObjectStore store;
    private final NodeFacts node;

    /**
     * The answer of {@code GET /health}.
     *
     * @param status {@code ok}, {@code degraded} (serves, but something is missing) or {@code unavailable}
     * @param notices what is as it should be, and still good to know
     */
    record Report(
            String nodeId,
            String status,
            long bytes,
            long objects,
            double uptimeSeconds,
            String version,
            List<String> problems,
            List<String> notices) {}

    Health(ObjectStore store, NodeFacts node) {
        this.store = store;
        this.node = node;
    }

    void live(Exchange exchange) {
        Answers.text(exchange, 200, "text/plain", "live\n");
    }

    /** Ready means that reads and writes can be served: the log has a leader. */
    void ready(Exchange exchange) {
        boolean ready = store.logStatus().available();
        Answers.text(exchange, ready ? 200 : 503, "text/plain", ready ? "ready\n" : "not ready\n");
    }

    void full(Exchange exchange) {
        requireGet(exchange);
        Report report = report();
        Answers.json(exchange, report.status().equals("unavailable") ? 503 : 200, report);
    }

    Report report() {
        List<String> problems = new ArrayList<>();
        for (DriveView view : store.drives()) {
            String at = "drive " + view.drive().id() + " at " + view.drive().path();
            view.trouble().ifPresent(trouble -> problems.add(at + ": " + trouble));
            if (view.space().isEmpty()) {
                problems.add(at + " is not open");
            }
        }
        store.logStatus().members().stream()
                .filter(member -> !member.alive())
                .forEach(member -> problems.add("metadata member " + member.name() + ": " + member.failure()));
        problems.addAll(node.problems().get());
        if (onlyMember() && !store.logStatus().members().getFirst().alive()) {
            problems.add(
                    "the only copy of the metadata was on that drive, and no object is lost: bring the drive back; or"
                            + " stop the daemon, run `cairn salvage --data DIR...` with the directories that are left,"
                            + " and start again with these");
        }
        int repairs = repairsWaiting();
        if (repairs > 0) {
            problems.add(repairs + " blobs wait for repair");
        }
        try {
            MetadataView.Usage usage = store.usage();
            return report(problems.isEmpty() ? "ok" : "degraded", usage, problems);
        } catch (StorageFault fault) {
            problems.add(fault.getMessage());
            return report("unavailable", new MetadataView.Usage(0, 0), problems);
        }
    }

    private boolean onlyMember() {
        return store.logStatus().members().size() == 1;
    }

    private List<String> notices() {
        if (!onlyMember() || store.drives().size() < 2) {
            return List.of();
        }
        return List.of("the metadata has one copy, on drive "
                + store.logStatus().members().getFirst().name()
                + ": should that drive be lost, `cairn salvage` rebuilds it from the others, without the deletes of the"
                + " last moment and uploads in progress; a third drive ends this");
    }

    private int repairsWaiting() {
        try {
            return store.repairsWaiting(1000);
        } catch (StorageFault unavailable) {
            return 0;
        }
    }

    private Report report(String status, MetadataView.Usage usage, List<String> problems) {
        return new Report(
                node.nodeId(),
                status,
                usage.bytes(),
                usage.objects(),
                node.uptimeSeconds(),
                node.version(),
                List.copyOf(problems),
                notices());
    }

    static void requireGet(Exchange exchange) {
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            throw new AdminRefusal(405, exchange.method() + " is not possible here, GET is");
        }
    }
}
