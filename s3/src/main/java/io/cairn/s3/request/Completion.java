package io.cairn.s3.request;

import io.cairn.model.StoredChecksum;
import io.cairn.wire.payload.DeclaredChecksum;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the client says of the whole object when it completes an upload.
 *
 * @param checksum its checksum, for a type of {@code COMPOSITE} without the number of parts
 * @param size the size that the object must have
 */
public record Completion(Optional<DeclaredChecksum> checksum, Optional<StoredChecksum.Kind> kind, OptionalLong size) {}
