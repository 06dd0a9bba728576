/** The engine over drives on the heap: every loss pattern, late drives, readers against reclaim, ended leases. */
@NullMarked
package io.cairn.simulation.engine;

import org.jspecify.annotations.NullMarked;
