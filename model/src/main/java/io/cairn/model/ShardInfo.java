package io.cairn.model;

/** A shard that a drive holds: its name and the lengths of its payload and of its whole record on the drive. */
public record ShardInfo(ShardKey key, int length, long storedBytes) {}
