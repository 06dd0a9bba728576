package io.cairn.server;

import io.cairn.docker.PluginStats;
import java.util.Map;
import java.util.TreeMap;

/** What Docker asked of the volume driver, in the text format of the metrics page. Stateless. */
final class PluginMetrics {
    private static final double NANOS = 1e9;

    private PluginMetrics() {}

    static String render(PluginStats stats) {
        Map<String, PluginStats.Call> calls = new TreeMap<>(stats.calls());
        StringBuilder page = new StringBuilder(1024);
        head(page, "cairn_docker_calls_total", "Calls of Docker's volume driver protocol");
        calls.forEach((name, call) -> line(page, "cairn_docker_calls_total", name, String.valueOf(call.count())));
        head(page, "cairn_docker_errors_total", "Calls that were answered with an error");
        calls.forEach((name, call) -> line(page, "cairn_docker_errors_total", name, String.valueOf(call.errors())));
        head(page, "cairn_docker_call_seconds_total", "Time to the answers, summed");
        calls.forEach((name, call) ->
                line(page, "cairn_docker_call_seconds_total", name, String.valueOf(call.nanos() / NANOS)));
        head(page, "cairn_docker_mounts_undone_total", "Mounts taken back because Docker waited for them no longer");
        page.append("cairn_docker_mounts_undone_total ").append(stats.undone()).append('\n');
        head(page, "cairn_docker_malformed_total", "Requests on the driver's socket that are not of the protocol");
        return page.append("cairn_docker_malformed_total ")
                .append(stats.malformed())
                .append('\n')
                .toString();
    }

    private static void head(StringBuilder page, String name, String help) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(" counter\n");
    }

    private static void line(StringBuilder page, String name, String call, String value) {
        page.append(name)
                .append("{call=\"")
                .append(call)
                .append("\"} ")
                .append(value)
                .append('\n');
    }
}
