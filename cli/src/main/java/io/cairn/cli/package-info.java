/**
 * The program {@code cairn} as a person or a script meets it: one class per command, its words, its exit status. Owns
 * no rule of storage; asks the daemon through its admin listener, or starts it. Read {@link io.cairn.cli.Cairn} first.
 */
@NullMarked
package io.cairn.cli;

import org.jspecify.annotations.NullMarked;
