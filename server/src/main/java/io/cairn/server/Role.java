package io.cairn.server;

import java.util.Locale;

/** What a daemon can do. This version has all but monitor; its name is fixed here because scripts use them. */
public enum Role {
    STORE,
    VOLUMES,
    BACKUP,
    MONITOR;

    /** Whether this version can run the role. */
    public boolean available() {
        return this != MONITOR;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
