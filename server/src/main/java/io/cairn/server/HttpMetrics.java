package io.cairn.server;

import io.cairn.http.HttpServerStats;

/** A listener's figures in the text format of the metrics page. */
final class HttpMetrics {
    private HttpMetrics() {}

    static String render(HttpServerStats stats, String listener) {
        String label = "{listener=\"" + listener + "\"} ";
        return "cairn_http_connections" + label + stats.connections() + "\n"
                + "cairn_http_requests_running" + label + stats.requestsRunning() + "\n"
                + "cairn_http_requests_total" + label + stats.requestsTotal() + "\n"
                + "cairn_http_bytes_in_total" + label + stats.bytesIn() + "\n"
                + "cairn_http_bytes_out_total" + label + stats.bytesOut() + "\n"
                + "cairn_http_protocol_errors_total" + label + stats.protocolErrors() + "\n";
    }
}
