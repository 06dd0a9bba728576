package io.cairn.model;

/**
 * A shard on its way to a drive.
 *
 * @param label what the shard is for, in a form of its own (see {@code docs/formats/shard-label.md}); at most 1 MiB
 * @param payload holds the content in {@code [offset, offset + length)}; not copied
 */
public record ShardWrite(ShardKey key, byte[] label, byte[] payload, int offset, int length) {
    /** The longest label, in bytes. */
    public static final int LABEL_BYTES_MAX = 1 << 20;

    public ShardWrite {
        if (label.length > LABEL_BYTES_MAX) {
            throw new IllegalArgumentException("label of " + label.length + " bytes, at most " + LABEL_BYTES_MAX);
        }
        java.util.Objects.checkFromIndexSize(offset, length, payload.length);
    }
}
