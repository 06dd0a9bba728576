package io.cairn.model;

/**
 * The space of one drive, in bytes.
 *
 * @param capacity the size of the filesystem; grows when the filesystem is enlarged
 * @param free what the filesystem still offers
 * @param live what live shards take
 * @param dead what released shards still take until compaction
 * @param segments the space of all segment files
 * @param reclaimed the space given back since the drive was opened
 */
public record DriveSpace(long capacity, long free, long live, long dead, long segments, long reclaimed, long shards) {}
