package io.cairn.backup.postgres;

/** Who is told how the receiving of WAL goes. Called by the receiver's threads. */
public interface WalEvents {
    /** Everything up to {@code flushed} is in the repository; the server has written up to {@code written}. */
    default void progress(long timeline, Lsn flushed, Lsn written) {}

    /** Something that people may want to know. */
    default void note(String sentence) {}

    /** Something that a person has to look after. */
    default void alarm(String sentence) {}

    /** WAL is lost: it was noted down, and a new base backup is needed. */
    default void gap(WalArea.Gap gap) {}
}
