/**
 * Sources of backups against the real servers of Debian, each started by its test on loopback with its data in a
 * directory of the test's own. Owns no product code. Read {@code docs/backup.md} first.
 */
@NullMarked
package io.cairn.acceptance.backup;

import org.jspecify.annotations.NullMarked;
