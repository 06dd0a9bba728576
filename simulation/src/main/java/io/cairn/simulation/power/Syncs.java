package io.cairn.simulation.power;

/** Which syncs the disk honours. A disk that lies about some of them stands for a program that forgot them. */
@FunctionalInterface
public interface Syncs {
    /** Every one. */
    Syncs HONOURED = (_, _) -> true;

    /**
     * Whether a sync does anything.
     *
     * @param path from the root of the disk, beginning with a slash
     * @param directory whether it is a directory that is synced, or a file
     */
    boolean honoured(String path, boolean directory);
}
