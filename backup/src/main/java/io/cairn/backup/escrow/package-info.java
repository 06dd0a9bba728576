/**
 * Keys that are needed after the loss of a host, read for a recovery point and written to files again. What that means
 * for who can open what is in {@code docs/keys.md}.
 */
@NullMarked
package io.cairn.backup.escrow;

import org.jspecify.annotations.NullMarked;
