package io.cairn.engine;

import io.cairn.model.ETag;
import java.util.Optional;

/** A part as the client names it to complete an upload. */
public record PartChoice(int number, ETag etag, Optional<byte[]> checksum) {}
