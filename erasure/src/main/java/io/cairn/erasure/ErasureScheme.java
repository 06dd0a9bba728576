package io.cairn.erasure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many data and parity shards a stripe has: 1 to 16 and 0 to 8. Written {@code 4+2}. */
public record ErasureScheme(int data, int parity) {
    public static final int MAX_DATA = 16;
    public static final int MAX_PARITY = 8;

    private static final Pattern TEXT = Pattern.compile("(\\d{1,2})\\+(\\d{1,2})");

    public ErasureScheme {
        if (data < 1 || data > MAX_DATA || parity < 0 || parity > MAX_PARITY) {
            throw new IllegalArgumentException("an erasure scheme has 1 to %d data and 0 to %d parity shards, not %d+%d"
                    .formatted(MAX_DATA, MAX_PARITY, data, parity));
        }
    }

    /** Reads {@code 4+2}; refuses anything else. */
    public static ErasureScheme parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an erasure scheme: '" + text + "'; expected such as 4+2");
        }
        return new ErasureScheme(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Shards in a stripe, data and parity. */
    public int shards() {
        return data + parity;
    }

    @Override
    public String toString() {
        return data + "+" + parity;
    }
}
