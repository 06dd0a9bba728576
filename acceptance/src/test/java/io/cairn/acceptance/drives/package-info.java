/**
 * What becomes of a node when its drives are lost, full, swapped, or grow, and when its metadata is lost. Real nodes in
 * this process, on real directories and, where only a file system can misbehave, on loop-mounted images. Read
 * {@link io.cairn.acceptance.drives.LostDriveTest} first.
 */
@NullMarked
package io.cairn.acceptance.drives;

import org.jspecify.annotations.NullMarked;
