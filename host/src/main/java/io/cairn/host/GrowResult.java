package io.cairn.host;

/** What came of growing a filesystem to the size of its device. Never shrinks. */
public sealed interface GrowResult {
    /** It fills the device now, or did already. */
    record Grown() implements GrowResult {}

    /** It cannot be grown while it is mounted on this host; grow it unmounted. */
    record MustBeUnmounted(String reason) implements GrowResult {}

    /** It can be grown only while it is mounted. */
    record MustBeMounted(String reason) implements GrowResult {}
}
