package io.cairn.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * The figures of the present or the last scrub round.
 *
 * @param bytes how many stored bytes were read and verified
 * @param rebuilt damaged or missing shards that were replaced
 * @param lost stripes of which too few shards are left
 */
public record ScrubStatus(
        Optional<Instant> begun, Optional<Instant> ended, long blobs, long bytes, long rebuilt, long lost) {}
