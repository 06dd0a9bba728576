package io.cairn.host;

import java.util.Optional;

/**
 * How to make a filesystem. {@code directoryEncryption} turns on ext4's own encryption; {@code reflinks} is for XFS, of
 * which pools are made. The label is at most 12 bytes, which is XFS's bound.
 */
public record MakeOptions(boolean directoryEncryption, boolean reflinks, Optional<String> label) {
    public static final MakeOptions DEFAULTS = new MakeOptions(false, true, Optional.empty());
    private static final int LABEL_CHARS_MAX = 12;

    public MakeOptions {
        label.ifPresent(text -> {
            if (!text.matches("[A-Za-z0-9_.-]{1," + LABEL_CHARS_MAX + "}")) {
                throw new IllegalArgumentException("not a label of up to 12 letters, digits, '_', '.', '-': " + text);
            }
        });
    }
}
