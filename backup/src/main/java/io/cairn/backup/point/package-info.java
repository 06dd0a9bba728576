/**
 * Recovery points: which snapshots belong together, complete and read back. Owns how one is made
 * ({@link io.cairn.backup.point.RecoveryRun}), found ({@link io.cairn.backup.point.Catalogue}), and removed. The
 * format, with its table of crashes, is {@code docs/formats/recovery-point.md}; read it first.
 */
@NullMarked
package io.cairn.backup.point;

import org.jspecify.annotations.NullMarked;
