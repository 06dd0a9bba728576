package io.cairn.volumes.spec;

import io.cairn.host.FilesystemKind;
import java.util.List;

/** What a volume is for, which chooses how it is mounted. */
public enum Profile {
    GENERAL("general", "nothing is assumed", List.of(), List.of()),
    DATABASE(
            "database",
            "many small random writes with their own journal: no access times, large XFS log buffers",
            List.of("noatime", "nodiratime"),
            List.of("logbufs=8", "logbsize=256k")),
    WAL(
            "wal",
            "one file after another, appended and synced: no access times, no lazy allocation of XFS beyond 64 KiB",
            List.of("noatime", "nodiratime"),
            List.of("logbufs=8", "allocsize=64k")),
    MEDIA(
            "media",
            "large files written once: no access times, XFS allocates 16 MiB ahead",
            List.of("noatime", "nodiratime"),
            List.of("allocsize=16m")),
    SCRATCH("scratch", "may be lost: memory (tmpfs), gone when the last user is", List.of("noatime"), List.of());

    private final String word;
    private final String sentence;
    private final List<String> always;
    private final List<String> onXfs;

    Profile(String word, String sentence, List<String> always, List<String> onXfs) {
        this.word = word;
        this.sentence = sentence;
        this.always = always;
        this.onXfs = onXfs;
    }

    /** As it is spelt in options and configuration. */
    public String word() {
        return word;
    }

    public String sentence() {
        return sentence;
    }

    /** The mount options it asks for on any filesystem. */
    List<String> always() {
        return always;
    }

    /** The mount options it asks for on this filesystem. */
    List<String> on(FilesystemKind kind) {
        return switch (kind) {
            case XFS -> onXfs;
            case EXT4 -> List.of();
        };
    }

    static Profile of(String word) {
        return Words.one("profile", word, Profile::word, values());
    }
}
