package io.cairn.acceptance.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was promised about one key: its last acknowledged state, and the states that requests without an answer may have
 * led to. Thread-safe.
 */
final class Entry {
    private final String path;
    private Optional<Content> settled = Optional.empty();
    private final List<Optional<Content>> inDoubt = new ArrayList<>();
    private boolean absenceExcluded;
    private final boolean exclusive;
    private boolean touched;

    /**
     * An entry.
     *
     * @param exclusive whether every write is a create that fails when something is there
     */
    Entry(String path, boolean exclusive) {
        this.path = path;
        this.exclusive = exclusive;
    }

    String path() {
        return path;
    }

    String key() {
        return path.substring(path.indexOf('/', 1) + 1);
    }

    /** A request is on its way that leads there. */
    synchronized void begin(Optional<Content> outcome) {
        inDoubt.add(outcome);
        touched = true;
    }

    /** That request was acknowledged. Returns false when another one, which excludes it, already was. */
    synchronized boolean settle(Optional<Content> outcome) {
        if (exclusive && settled.isPresent()) {
            return false;
        }
        settled = outcome;
        inDoubt.clear();
        return true;
    }

    /** That request was refused: it has no effect. */
    synchronized void refuse(Optional<Content> outcome) {
        inDoubt.remove(outcome);
    }

    /** A create was refused because the key exists: an answer that shows the write of somebody else. */
    synchronized void existsAlready() {
        absenceExcluded = true;
    }

    /** Whether the ledger knows what is there. */
    synchronized boolean certain() {
        return inDoubt.isEmpty();
    }

    synchronized Optional<Content> settled() {
        return settled;
    }

    /** Every state that the promises allow. */
    synchronized List<Optional<Content>> allowed() {
        if (exclusive && settled.isPresent()) {
            return List.of(settled);
        }
        List<Optional<Content>> allowed = new ArrayList<>(inDoubt);
        if (settled.isPresent() || !absenceExcluded) {
            allowed.add(settled);
        }
        return allowed;
    }

    /** What was read is a promise from now on: it may not change back. */
    synchronized void observed(Optional<Content> state) {
        settled = state;
        inDoubt.clear();
        absenceExcluded = false;
        touched = false;
    }

    /** Whether anything was asked of the key since it was last read. */
    synchronized boolean touched() {
        return touched;
    }
}
