package io.cairn.console;

import io.cairn.engine.ObjectStore;
import io.cairn.http.Exchange;
import io.cairn.model.MetadataView;
import java.util.Locale;

/** The node's figures in the text format that Prometheus scrapes. Metric names are API. Thread-safe. */
final class MetricsPage {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int COUNTED_MAX = 10_000;

    private final ObjectStore store;
    private final NodeFacts node;

    MetricsPage(ObjectStore store, NodeFacts node) {
        this.store = store;
        this.node = node;
    }

    void send(Exchange exchange) {
        Health.requireGet(exchange);
        Answers.text(exchange, 200, CONTENT_TYPE, render());
    }

    private String render() {
        StringBuilder page = new StringBuilder(4096);
        MetadataView.Usage usage = store.usage();
        gauge(page, "cairn_objects", "Current objects", usage.objects());
        gauge(page, "cairn_objects_bytes", "Bytes of current objects as clients see them", usage.bytes());
        gauge(page, "cairn_uptime_seconds", "Seconds since the node started to listen", node.uptimeSeconds());
        gauge(page, "cairn_upload_memory_bytes", "Memory held by uploads", store.uploadMemoryTaken());
        gauge(page, "cairn_repairs_waiting", "Blobs that wait for repair", store.repairsWaiting(COUNTED_MAX));
        gauge(
                page,
                "cairn_reclaims_waiting",
                "Blobs whose space is to be given back",
                store.reclaimsWaiting(COUNTED_MAX));
        gauge(
                page,
                "cairn_metadata_available",
                "1 when the metadata log has a leader",
                store.logStatus().available() ? 1 : 0);
        drives(page);
        return page.append(node.metrics().get()).toString();
    }

    private void drives(StringBuilder page) {
        head(page, "cairn_drive_in", "1 when the drive takes part");
        for (DriveInfo drive : DriveInfo.all(store)) {
            line(
                    page,
                    "cairn_drive_in",
                    drive.id(),
                    drive.state().equals("in") && drive.trouble().isEmpty() ? 1 : 0);
        }
        head(page, "cairn_drive_bytes", "Bytes of the drive by kind");
        for (DriveInfo drive : DriveInfo.all(store)) {
            kind(page, drive, "capacity", drive.capacity());
            kind(page, drive, "free", drive.free());
            kind(page, drive, "live", drive.live());
            kind(page, drive, "dead", drive.dead());
        }
    }

    private static void kind(StringBuilder page, DriveInfo drive, String kind, long bytes) {
        page.append("cairn_drive_bytes{drive=\"")
                .append(drive.id())
                .append("\",kind=\"")
                .append(kind)
                .append("\"} ")
                .append(bytes)
                .append('\n');
    }

    private static void gauge(StringBuilder page, String name, String help, double value) {
        head(page, name, help);
        page.append(name).append(' ').append(number(value)).append('\n');
    }

    private static void head(StringBuilder page, String name, String help) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(" gauge\n");
    }

    private static void line(StringBuilder page, String name, String drive, double value) {
        page.append(name)
                .append("{drive=\"")
                .append(drive)
                .append("\"} ")
                .append(number(value))
                .append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3f", value);
    }
}
