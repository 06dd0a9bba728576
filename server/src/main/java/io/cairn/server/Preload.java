package io.cairn.server;

import io.cairn.consensus.RatisLog;
import io.cairn.metadata.MetadataStore;
import java.util.List;

/**
 * Loads what every start needs and what takes long to load, beside the reading of the command line: RocksDB's native
 * library and the log's classes.
 */
public final class Preload {
    private Preload() {}

    /** Begins to load, on threads of its own, and returns at once. */
    public static void begin() {
        for (Runnable part : List.<Runnable>of(MetadataStore::preload, RatisLog::preload)) {
            Thread.ofPlatform().name("cairn-preload").daemon(true).start(part);
        }
    }
}
