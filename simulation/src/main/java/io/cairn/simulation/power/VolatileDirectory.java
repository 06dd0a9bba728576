package io.cairn.simulation.power;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A directory in two copies, like a file. By the strictest reading of POSIX: a name that was given, changed or taken is
 * durable when its directory was synced, and by nothing else; the sync of a file does not keep its name. A rename
 * within one directory is one change; one between two directories is a change in each. Thread-safe.
 */
final class VolatileDirectory extends Node {
    private final Map<String, Node> seen = new LinkedHashMap<>();
    private final Map<String, Node> durable = new LinkedHashMap<>();
    private final List<Naming> pending = new ArrayList<>();

    /** One change: a name that is taken away, and a name that is given to a node; either may be missing. */
    private record Naming(@Nullable String taken, @Nullable String given, Node node) {
        void apply(Map<String, Node> names) {
            if (taken != null && names.get(taken) == node) {
                names.remove(taken);
            }
            if (given != null) {
                names.put(given, node);
            }
        }
    }

    VolatileDirectory(int mode, Instant modified) {
        super(mode, modified);
    }

    synchronized @Nullable Node child(String name) {
        return seen.get(name);
    }

    synchronized Map<String, Node> children() {
        return new LinkedHashMap<>(seen);
    }

    synchronized void give(String name, Node node) {
        change(new Naming(null, name, node));
    }

    synchronized void take(String name, Node node) {
        change(new Naming(name, null, node));
    }

    synchronized void rename(String from, String to, Node node) {
        change(new Naming(from, to, node));
    }

    private void change(Naming naming) {
        naming.apply(seen);
        pending.add(naming);
    }

    @Override
    synchronized void sync() {
        pending.forEach(naming -> naming.apply(durable));
        pending.clear();
    }

    @Override
    synchronized void crash(PowerLoss loss, SplittableRandom random) {
        if (loss == PowerLoss.REORDER) {
            pending.stream().filter(_ -> random.nextBoolean()).forEach(naming -> naming.apply(durable));
        }
        pending.clear();
        seen.clear();
        seen.putAll(durable);
    }
}
