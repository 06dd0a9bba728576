package io.cairn.console;

import io.cairn.volumes.Resized;
import org.jspecify.annotations.Nullable;

/**
 * A volume that was made larger; sizes in bytes.
 *
 * @param pending what the filesystem still waits for, or null
 */
public record ResizeInfo(long from, long to, @Nullable String pending) {
    static ResizeInfo of(Resized resized) {
        return new ResizeInfo(
                resized.from().bytes(), resized.to().bytes(), resized.pending().orElse(null));
    }
}
