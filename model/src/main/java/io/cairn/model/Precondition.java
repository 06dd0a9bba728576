package io.cairn.model;

/** What must hold of the current object for a write to take effect; checked in log order. */
public sealed interface Precondition {
    /** Always holds. */
    record None() implements Precondition {}

    /** No object stands under the key ({@code If-None-Match: *}). */
    record Absent() implements Precondition {}

    /** An object stands under the key ({@code If-Match: *}). */
    record Exists() implements Precondition {}

    /** The current object has this entity tag ({@code If-Match}). */
    record Matches(ETag etag) implements Precondition {}
}
