package io.cairn.console;

import java.util.Locale;

/** A page in the text format that Prometheus scrapes, while it is written. One thread. */
final class Prometheus {
    private static final double EXACT_MAX = 1e15;

    private final StringBuilder page = new StringBuilder(2048);

    /** Begins a metric. */
    Prometheus gauge(String name, String help) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(" gauge\n");
        return this;
    }

    /** A value of the metric; {@code labels} as in {@code volume="a"}, or empty. */
    Prometheus value(String name, String labels, double value) {
        page.append(name);
        if (!labels.isEmpty()) {
            page.append('{').append(labels).append('}');
        }
        page.append(' ').append(number(value)).append('\n');
        return this;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < EXACT_MAX
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3f", value);
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
