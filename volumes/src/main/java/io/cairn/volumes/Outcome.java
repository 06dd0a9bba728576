package io.cairn.volumes;

import java.util.Optional;
import java.util.function.Function;

/** What came of an operation on volumes: it was done, or it was refused and nothing changed. */
public sealed interface Outcome<T> {
    record Done<T>(T value) implements Outcome<T> {}

    record Refused<T>(Refusal refusal) implements Outcome<T> {}

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> refused(Refusal.Reason reason, String message) {
        return new Refused<>(new Refusal(reason, message));
    }

    /** What was done, in another form. */
    default <R> Outcome<R> map(Function<T, R> form) {
        return switch (this) {
            case Done<T>(T value) -> new Done<>(form.apply(value));
            case Refused<T>(Refusal refusal) -> new Refused<>(refusal);
        };
    }

    /** What was done, or empty. */
    default Optional<T> whenDone() {
        return switch (this) {
            case Done<T>(T value) -> Optional.of(value);
            case Refused<T>(var _) -> Optional.empty();
        };
    }

    /** Why it was refused, or empty. */
    default Optional<Refusal> whenRefused() {
        return switch (this) {
            case Done<T>(var _) -> Optional.empty();
            case Refused<T>(Refusal refusal) -> Optional.of(refusal);
        };
    }
}
