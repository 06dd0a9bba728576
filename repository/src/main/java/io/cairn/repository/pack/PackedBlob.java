package io.cairn.repository.pack;

import io.cairn.repository.seal.Id;
import io.cairn.repository.seal.Sealer;

/**
 * Where one blob lies in its pack. {@code length} counts sealed bytes; {@code plainLength} is 0 for a blob that is not
 * compressed, as in the format.
 */
public record PackedBlob(BlobType type, Id id, int offset, int length, int plainLength) {
    public PackedBlob {
        if (offset < 0 || length < Sealer.OVERHEAD || plainLength < 0) {
            throw new IllegalArgumentException("blob " + id + " cannot lie at " + offset + ", " + length + " bytes");
        }
    }

    public boolean compressed() {
        return plainLength != 0;
    }

    /** Bytes of content. */
    public int size() {
        return compressed() ? plainLength : length - Sealer.OVERHEAD;
    }

    /** The first byte behind it. */
    public long end() {
        return (long) offset + length;
    }
}
