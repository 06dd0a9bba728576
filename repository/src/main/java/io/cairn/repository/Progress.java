package io.cairn.repository;

/** Who is told how a long operation goes. Called by many threads at once. */
public interface Progress {
    /** Nobody. */
    Progress NONE = new Progress() {};

    /** Work to do became known, in bytes; may grow. */
    default void expected(long bytes) {}

    /** That many more bytes are done. */
    default void done(long bytes) {}

    /** Something was left out or is wrong, and the operation goes on. */
    default void problem(String sentence) {}
}
