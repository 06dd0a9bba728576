/**
 * A file system that loses what was not synced: the whole daemon runs on it, its libraries included, and then the power
 * is cut. Owns the model of what a crash may leave behind. Read {@link io.cairn.simulation.power.VolatileDisk} first.
 */
@NullMarked
package io.cairn.simulation.power;

import org.jspecify.annotations.NullMarked;
