/**
 * Backups of what applications keep: sources ({@link io.cairn.backup.Source}) stream into the repository, and recovery
 * points say what belongs together. Depends on no object engine: recovery must work when the cluster is dead. Read
 * {@code Source} first.
 */
@NullMarked
package io.cairn.backup;

import org.jspecify.annotations.NullMarked;
