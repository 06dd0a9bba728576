package io.cairn.simulation.power;

/** What becomes of the changes that were not synced when the power is cut. */
public enum PowerLoss {
    /** All of them are lost, of files and of directories. */
    DROP,

    /**
     * Any of them survive, in any combination, writes torn between sectors of 512 bytes: the order in which they were
     * made means nothing without a sync between them.
     */
    REORDER
}
