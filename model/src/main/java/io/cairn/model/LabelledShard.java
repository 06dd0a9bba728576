package io.cairn.model;

/**
 * A shard met by a scan of a drive, with its verified label. {@code damaged} says that the payload was seen to be
 * damaged.
 */
public record LabelledShard(ShardInfo info, byte[] label, boolean damaged) {}
