package io.cairn.docker;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts of the calls by kind. Safe for use by many threads. */
final class CallCounters {
    private final Map<CallKind, Row> rows = new EnumMap<>(CallKind.class);
    final LongAdder undone = new LongAdder();
    final LongAdder malformed = new LongAdder();

    private static final class Row {
        final LongAdder calls = new LongAdder();
        final LongAdder errors = new LongAdder();
        final LongAdder nanos = new LongAdder();
    }

    CallCounters() {
        for (CallKind kind : CallKind.values()) {
            rows.put(kind, new Row());
        }
    }

    void count(CallKind kind, boolean error, long nanos) {
        Row row = rows.get(kind);
        if (row != null) {
            row.calls.increment();
            row.nanos.add(nanos);
            if (error) {
                row.errors.increment();
            }
        }
    }

    PluginStats snapshot() {
        Map<String, PluginStats.Call> calls = new java.util.TreeMap<>();
        rows.forEach((kind, row) ->
                calls.put(kind.word(), new PluginStats.Call(row.calls.sum(), row.errors.sum(), row.nanos.sum())));
        return new PluginStats(calls, undone.sum(), malformed.sum());
    }
}
