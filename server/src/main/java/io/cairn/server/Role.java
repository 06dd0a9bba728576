package io.cairn.server;

import java.util.Locale;

/**
 * What a daemon can do. This version has store and volumes; the names of the others are fixed here because scripts use
 * them.
 */
public enum Role {
    STORE,
    VOLUMES,
    BACKUP,
    MONITOR;

    /** Whether this version can run the role. */
    public boolean available() {
        return this == STORE || this == VOLUMES;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
