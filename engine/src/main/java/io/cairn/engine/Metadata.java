package io.cairn.engine;

import io.cairn.model.Command;
import io.cairn.model.CommandCodec;
import io.cairn.model.CommandLog;
import io.cairn.model.MetadataView;
import io.cairn.model.Outcome;
import io.cairn.model.OutcomeCodec;

/** The metadata as the engine speaks to it: commands go through the log, reads to its leader's state. Thread-safe. */
final class Metadata {
    private final CommandLog log;

    Metadata(CommandLog log) {
        this.log = log;
    }

    /** Carries out the command; durable on return. Faults are those of {@link CommandLog#submit}. */
    Outcome apply(Command command) {
        return OutcomeCodec.decode(log.submit(CommandCodec.encode(command)));
    }

    /** A view that holds everything that was answered before this call. */
    MetadataView view() {
        if (log.leaderState() instanceof MetadataView view) {
            return view;
        }
        throw new IllegalStateException("the log's state is not the metadata");
    }

    CommandLog log() {
        return log;
    }
}
