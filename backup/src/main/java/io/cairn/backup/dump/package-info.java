/**
 * Logical copies of PostgreSQL: what {@code pg_dump} of the server's version prints, in its custom format and without
 * its own compression, so that pieces that stay the same are stored once. Writes no temporary file. Physical copies are
 * in {@code io.cairn.backup.postgres}. Read {@code DumpSource} first.
 */
@NullMarked
package io.cairn.backup.dump;

import org.jspecify.annotations.NullMarked;
