package io.cairn.repository.tree;

import java.time.Instant;

/**
 * What the file system says of a file, without its content. {@code permissions} are the low twelve bits of its mode.
 */
public record Attributes(
        Kind kind,
        int permissions,
        long uid,
        long gid,
        long inode,
        long device,
        long rawDevice,
        long links,
        long size,
        Instant modified,
        Instant changed) {}
