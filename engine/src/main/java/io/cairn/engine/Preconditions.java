package io.cairn.engine;

import io.cairn.model.ETag;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import java.util.Optional;

/** The early check of a precondition; the one that counts is made by the metadata in log order. */
final class Preconditions {
    private static final Optional<Outcome> FAILED = Optional.of(new Outcome.PreconditionFailed());
    private static final Optional<Outcome> MISSING = Optional.of(new Outcome.NoSuchKey());

    private Preconditions() {}

    /** Why the precondition does not hold of the current object, if it does not. */
    static Optional<Outcome> refusal(Precondition precondition, Optional<ETag> current) {
        return switch (precondition) {
            case Precondition.None _ -> Optional.empty();
            case Precondition.Absent _ -> current.isPresent() ? FAILED : Optional.empty();
            case Precondition.Exists _ -> current.isPresent() ? Optional.empty() : MISSING;
            case Precondition.Matches(ETag wanted) -> {
                if (current.isEmpty()) {
                    yield MISSING;
                }
                yield current.get().equals(wanted) ? Optional.empty() : FAILED;
            }
        };
    }
}
