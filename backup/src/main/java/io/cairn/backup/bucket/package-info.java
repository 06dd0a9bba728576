/**
 * Buckets of any S3 as sources of backups, and back into buckets. Owns the mapping of keys to paths
 * ({@code docs/formats/bucket-tree.md}, read it first); knows S3 only through {@code io.cairn.client}.
 */
@NullMarked
package io.cairn.backup.bucket;

import org.jspecify.annotations.NullMarked;
