package io.cairn.simulation.power;

import io.cairn.base.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A disk with a write cache and a file system on it, as POSIX promises them and no better: what was not synced may be
 * lost when the power is cut. Contents lie in two files per file in a directory of the real file system; names are kept
 * in memory. Owns the names; {@link VolatileMount} shows it to programs. Thread-safe.
 */
public final class VolatileDisk {
    static final int DIRECTORY = 0x4000;
    static final int FILE = 0x8000;

    private final Path storage;
    private final Clock clock;
    private final AtomicLong numbers = new AtomicLong();
    private final VolatileDirectory root;
    private final Set<Node> nodes = Collections.newSetFromMap(new IdentityHashMap<>());

    /** A new, empty disk that keeps its bytes in {@code storage}. */
    public VolatileDisk(Path storage, Clock clock) {
        this.storage = storage;
        this.clock = clock;
        this.root = new VolatileDirectory(DIRECTORY | 0x1c0, clock.now());
    }

    /** What stands at the path, if anything does. */
    synchronized @Nullable Node find(String path) {
        Node node = root;
        for (String name : path.split("/")) {
            if (name.isEmpty()) {
                continue;
            }
            if (!(node instanceof VolatileDirectory directory)) {
                return null;
            }
            Node child = directory.child(name);
            if (child == null) {
                return null;
            }
            node = child;
        }
        return node;
    }

    synchronized @Nullable VolatileDirectory parent(String path) {
        return find(path.substring(0, path.lastIndexOf('/'))) instanceof VolatileDirectory directory ? directory : null;
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    synchronized VolatileFile create(VolatileDirectory parent, String name, int mode) throws IOException {
        VolatileFile file = new VolatileFile(storage, numbers.incrementAndGet(), FILE | mode & 0xfff, clock.now());
        nodes.add(file);
        parent.give(name, file);
        parent.modified(clock.now());
        return file;
    }

    synchronized void makeDirectory(VolatileDirectory parent, String name, int mode) {
        VolatileDirectory directory = new VolatileDirectory(DIRECTORY | mode & 0xfff, clock.now());
        nodes.add(directory);
        parent.give(name, directory);
        parent.modified(clock.now());
    }

    synchronized void remove(VolatileDirectory parent, String name, Node node) {
        parent.take(name, node);
        parent.modified(clock.now());
    }

    synchronized void link(VolatileDirectory parent, String name, Node node) {
        parent.give(name, node);
        parent.modified(clock.now());
    }

    synchronized void rename(VolatileDirectory from, String oldName, VolatileDirectory to, String newName, Node node) {
        if (from == to) {
            from.rename(oldName, newName, node);
        } else {
            to.give(newName, node);
            from.take(oldName, node);
        }
        from.modified(clock.now());
        to.modified(clock.now());
    }

    /**
     * Applies a power cut. Nobody may use the disk meanwhile.
     *
     * @param random decides what survives; the same seed on the same history leaves the same
     */
    public synchronized void crash(PowerLoss loss, SplittableRandom random) throws IOException {
        root.crash(loss, random);
        Set<Node> reachable = Collections.newSetFromMap(new IdentityHashMap<>());
        crash(root, loss, random, reachable);
        for (Node node : nodes) {
            if (!reachable.contains(node) && node instanceof VolatileFile lost) {
                lost.discard();
            }
        }
        nodes.retainAll(reachable);
    }

    private void crash(VolatileDirectory directory, PowerLoss loss, SplittableRandom random, Set<Node> reachable)
            throws IOException {
        for (Map.Entry<String, Node> child : directory.children().entrySet()) {
            Node node = child.getValue();
            if (!reachable.add(node)) {
                continue;
            }
            node.crash(loss, random);
            if (node instanceof VolatileDirectory inner) {
                crash(inner, loss, random, reachable);
            }
        }
    }

    Clock clock() {
        return clock;
    }

    Path storage() {
        return storage;
    }
}
