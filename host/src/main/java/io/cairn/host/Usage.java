package io.cairn.host;

import io.cairn.base.ByteCount;

/**
 * Room in a mounted filesystem. {@code available} is what a user without privileges can still write. XFS makes inodes
 * as it goes: its number of them is what there could be.
 */
public record Usage(ByteCount size, ByteCount used, ByteCount available, long inodes, long inodesFree) {}
