package io.cairn.host;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How to mount: flags of the kernel, and the filesystem's own words ({@code discard}, {@code largeio}), which the
 * filesystem checks. No word may hold a comma.
 */
public record MountOptions(Set<MountFlag> flags, List<String> words) {
    public static final MountOptions DEFAULTS = new MountOptions(Set.of(), List.of());

    public MountOptions {
        flags = Set.copyOf(flags);
        words = List.copyOf(words);
        for (String word : words) {
            if (word.isEmpty() || word.chars().anyMatch(c -> c == ',' || c < ' ')) {
                throw new IllegalArgumentException("not one mount option: '" + word + "'");
            }
        }
    }

    /** Reads a list as {@code mount -o} takes it: {@code noatime,discard,largeio}. The later of two opposites wins. */
    public static MountOptions parse(String list) {
        var flags = EnumSet.noneOf(MountFlag.class);
        var words = new java.util.ArrayList<String>();
        for (String word : list.split(",", -1)) {
            if (!word.isBlank() && !MountWords.apply(word.strip(), flags)) {
                words.add(word.strip());
            }
        }
        return new MountOptions(flags, words);
    }

    /** The data argument of mount(2). */
    public String data() {
        return String.join(",", words);
    }
}
