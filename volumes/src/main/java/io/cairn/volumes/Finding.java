package io.cairn.volumes;

/** One line of the doctor's report: what was looked at, how it is, and what to do if it is not well. */
public record Finding(Grade grade, String subject, String text) {
    /** How bad it is. */
    public enum Grade {
        GOOD,
        /** Works, with less than the full guarantee. */
        LIMITED,
        /** Needs somebody. */
        BAD
    }
}
