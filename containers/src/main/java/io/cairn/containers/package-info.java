/**
 * The client of Docker's Engine API over its unix socket: look at containers, run programs in them without a terminal,
 * find their addresses, stop and start them. Knows no product and no database; is not the volume plugin. Read
 * {@code Engine} first.
 */
@NullMarked
package io.cairn.containers;

import org.jspecify.annotations.NullMarked;
