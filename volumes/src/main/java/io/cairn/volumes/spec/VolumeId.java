package io.cairn.volumes.spec;

import io.cairn.base.Entropy;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What a volume or a snapshot goes by on disk: 128 random bits as 32 hex digits, never used twice. */
public record VolumeId(String text) implements Comparable<VolumeId> {
    private static final int BYTES = 16;
    private static final Pattern TEXT = Pattern.compile("[0-9a-f]{32}");

    public VolumeId {
        if (!isOne(text)) {
            throw new IllegalArgumentException("not a volume id: " + Quoted.of(text));
        }
    }

    public static VolumeId random(Entropy entropy) {
        return new VolumeId(HexFormat.of().formatHex(entropy.bytes(BYTES)));
    }

    /** True when the text has the form of an id. */
    public static boolean isOne(String text) {
        return TEXT.matcher(text).matches();
    }

    @Override
    public int compareTo(VolumeId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
