/**
 * PostgreSQL, physically: a small client of its protocol ({@link io.cairn.backup.postgres.PostgresConnection}), base
 * backups as a {@link io.cairn.backup.Source}, the WAL as it is written, and the way back. Logical dumps are not here.
 * Read {@code PostgresSource} first, then {@code WalReceiver} with {@code docs/formats/wal-area.md}.
 */
@NullMarked
package io.cairn.backup.postgres;

import org.jspecify.annotations.NullMarked;
