package io.cairn.host;

/**
 * A run of bytes of a file that lies together on its device. Offsets and lengths are in bytes. Two files whose extents
 * have the same {@code physical} place share these bytes. {@code unwritten} reads as zeros. When {@code placed} is
 * false the place is not known (inline data, delayed allocation): such an extent cannot be compared.
 */
public record Extent(long logical, long physical, long length, boolean unwritten, boolean shared, boolean placed) {
    public long logicalEnd() {
        return logical + length;
    }
}
