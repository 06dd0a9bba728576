/**
 * One drive: a directory that keeps shards in append-only segment files, made durable by group commit, verified on
 * every read, rebuilt from the segments alone when its index is lost. Owns the bytes under {@code segments/},
 * {@code index/} and {@code quarantine/} of a drive (formats: {@code docs/formats/drive.md} and {@code segment.md}).
 * Knows no other drive, no object and no network. Read {@link io.cairn.shards.Drive} first, then {@code DriveWriter},
 * {@code Recovery} and {@code Compactor}.
 */
@NullMarked
package io.cairn.shards;

import org.jspecify.annotations.NullMarked;
