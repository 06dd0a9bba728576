/**
 * Copies of Redis: the server's own RDB, received as a replica receives it, of one server or of every master of a
 * cluster. Writes nothing on either side's disk. Read {@code RedisSource} first, {@code RdbStream} for the protocol.
 */
@NullMarked
package io.cairn.backup.redis;

import org.jspecify.annotations.NullMarked;
