package io.cairn.backup.point;

import io.cairn.repository.Progress;

/** Who is told how a run goes: bytes, as of any long operation, and its steps. Called by many threads at once. */
public interface RunListener extends Progress {
    /** Nobody. */
    RunListener NONE = new RunListener() {};

    /** A step begins or ended, of a part or of the run as a whole (an empty name). */
    default void step(Step step, String part, String sentence) {}

    /** The steps of a run. */
    enum Step {
        BEGUN,
        PART_BEGUN,
        PART_TAKEN,
        PART_VERIFIED,
        PART_FAILED,
        COMPLETE,
        UNVERIFIED,
        FAILED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
