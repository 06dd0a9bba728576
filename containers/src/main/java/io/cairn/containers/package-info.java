/**
 * The client of Docker's Engine API over its unix socket: look at containers, run programs in them without a terminal,
 * find their addresses. Is not the volume plugin.
 */
@NullMarked
package io.cairn.containers;

import org.jspecify.annotations.NullMarked;
