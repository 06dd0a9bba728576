package io.cairn.host;

/** What a check of an unmounted filesystem found. {@code report} is the tool's own words, bounded. */
public sealed interface CheckResult {
    String report();

    /** Nothing is wrong, or a journal was replayed: mount it. */
    record Clean(String report) implements CheckResult {}

    /** Something was wrong and is repaired, nothing was lost by it: mount it. */
    record Repaired(String report) implements CheckResult {}

    /** A person must decide: do not mount it. Nothing was changed that could lose data. */
    record Damaged(String report) implements CheckResult {}
}
