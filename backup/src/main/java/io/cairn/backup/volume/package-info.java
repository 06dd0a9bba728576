/**
 * Volumes as a source of backups: the image of a snapshot, of which only what changed since the last backup is read.
 * Knows nothing of where the volumes are served: that is behind {@link io.cairn.backup.volume.VolumeControl}. Read
 * {@link io.cairn.backup.volume.VolumeSource} first.
 */
@NullMarked
package io.cairn.backup.volume;

import org.jspecify.annotations.NullMarked;
