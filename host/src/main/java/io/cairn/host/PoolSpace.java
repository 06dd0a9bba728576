package io.cairn.host;

import io.cairn.base.ByteCount;

/** Room in the filesystem that holds a directory, and which filesystem that is. */
public record PoolSpace(
        ByteCount size, ByteCount available, long inodesFree, DeviceNumber device, String type, boolean readOnly) {}
