/**
 * What is known of volumes and pools, on disk: one {@code volume.json} per volume, one {@code pool.json} per pool, and
 * the list of pools. Every change is durable before anybody sees it. Knows nothing of loop devices and mounts. The
 * format is {@code docs/formats/volume.md}; read {@link io.cairn.volumes.registry.VolumeRecord} first.
 */
@NullMarked
package io.cairn.volumes.registry;

import org.jspecify.annotations.NullMarked;
