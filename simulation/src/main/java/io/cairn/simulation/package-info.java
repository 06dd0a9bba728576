/**
 * Reference models and simulated hardware for the tests of many modules. Owns no product code. Start with
 * {@link io.cairn.simulation.MemoryMetadata}.
 */
@NullMarked
package io.cairn.simulation;

import org.jspecify.annotations.NullMarked;
