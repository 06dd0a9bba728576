package io.cairn.model;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a round of scrubbing has come.
 *
 * @param position behind what was verified, as {@link MetadataView#blobs(String, int)} gave it; empty at the start
 * @param bytes how many stored bytes were read and verified
 * @param rebuilt damaged or missing shards that were replaced
 * @param lost stripes of which too few shards are left
 */
public record ScrubMark(
        Instant begun, Optional<Instant> ended, String position, long blobs, long bytes, long rebuilt, long lost) {
    /** A round that begins now. */
    public static ScrubMark beginning(Instant now) {
        return new ScrubMark(now, Optional.empty(), "", 0, 0, 0, 0);
    }

    public ScrubMark ended(Instant now) {
        return new ScrubMark(begun, Optional.of(now), "", blobs, bytes, rebuilt, lost);
    }
}
