package io.cairn.host;

import io.cairn.base.ByteCount;

/**
 * A loop device that has a file behind it. {@code backingName} is what the kernel prints, for people: a file is
 * recognised by {@code backingFile}, because paths can be renamed, unlinked, or seen from another namespace; that is
 * {@link FileIdentity#UNKNOWN} when the filesystem of the file has shut down.
 */
public record Loop(
        BlockDevice device,
        FileIdentity backingFile,
        String backingName,
        ByteCount size,
        boolean directIo,
        boolean clearsItself) {}
