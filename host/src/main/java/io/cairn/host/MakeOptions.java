package io.cairn.host;

import java.util.Optional;

/**
 * How to make a filesystem. {@code thick}: every block of the device is reserved and must stay so. {@code overNoise}:
 * bytes that nobody recognises are not in the way, as in a fresh LUKS container, which reads as noise.
 * {@code directoryEncryption} turns on ext4's own encryption. The label is at most 12 bytes, which is XFS's bound.
 */
public record MakeOptions(boolean thick, boolean overNoise, boolean directoryEncryption, Optional<String> label) {
    public static final MakeOptions DEFAULTS = new MakeOptions(false, false, false, Optional.empty());
    private static final int LABEL_CHARS_MAX = 12;

    public MakeOptions {
        label.ifPresent(text -> {
            if (!text.matches("[A-Za-z0-9_.-]{1," + LABEL_CHARS_MAX + "}")) {
                throw new IllegalArgumentException("not a label of up to 12 letters, digits, '_', '.', '-': " + text);
            }
        });
    }
}
