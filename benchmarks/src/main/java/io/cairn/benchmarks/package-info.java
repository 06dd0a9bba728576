/**
 * How fast the parts and the whole are, each beside the machine's own limits measured in the same run: a load generator
 * on raw sockets, and JMH for the parts. Owns no product code; may read the clock, make randomness and print.
 */
@NullMarked
package io.cairn.benchmarks;

import org.jspecify.annotations.NullMarked;
