package io.cairn.host;

import java.util.Map;
import java.util.Set;

/** The words of {@code mount -o} that are flags of the kernel, or their opposites. Stateless. */
final class MountWords {
    private static final Map<String, MountFlag> OPPOSITES = Map.of(
            "rw", MountFlag.READ_ONLY,
            "suid", MountFlag.NO_SETUID,
            "dev", MountFlag.NO_DEVICES,
            "exec", MountFlag.NO_EXECUTE,
            "async", MountFlag.SYNCHRONOUS,
            "symfollow", MountFlag.NO_SYMLINK_FOLLOW,
            "atime", MountFlag.NO_ACCESS_TIME,
            "diratime", MountFlag.NO_DIRECTORY_ACCESS_TIME,
            "nolazytime", MountFlag.LAZY_TIME);

    private MountWords() {}

    /** Adds or takes away what the word says; false when it is the filesystem's own. */
    static boolean apply(String word, Set<MountFlag> flags) {
        if (word.equals("defaults")) {
            return true;
        }
        for (MountFlag flag : MountFlag.values()) {
            if (flag.word().equals(word)) {
                flags.add(flag);
                return true;
            }
        }
        MountFlag opposite = OPPOSITES.get(word);
        if (opposite != null) {
            flags.remove(opposite);
        }
        return opposite != null;
    }
}
