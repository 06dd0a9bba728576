/**
 * Crashes of the whole program: the real daemon is killed, loses power or gets its bytes flipped, while a ledger keeps
 * what was promised to its clients. Owns no product code. Read {@link io.cairn.acceptance.crash.Ledger} first, then
 * {@link io.cairn.acceptance.crash.Campaign}.
 */
@NullMarked
package io.cairn.acceptance.crash;

import org.jspecify.annotations.NullMarked;
