/**
 * The backup repository in restic's format, version 2: {@link io.cairn.repository.Repository} opens one;
 * {@link io.cairn.repository.Backup} stores directory trees and streams in it; {@link io.cairn.repository.Restore}
 * brings them back; {@link io.cairn.repository.Prune}, {@link io.cairn.repository.Check} and
 * {@link io.cairn.repository.Retention} look after it. Knows no databases and no schedules. Read
 * {@code docs/formats/repository.md} first, then {@code Repository}.
 */
@NullMarked
package io.cairn.repository;

import org.jspecify.annotations.NullMarked;
