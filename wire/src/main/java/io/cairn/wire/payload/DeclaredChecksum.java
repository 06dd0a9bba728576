package io.cairn.wire.payload;

import io.cairn.base.ChecksumAlgorithm;
import java.util.Optional;

/**
 * A checksum that the client announced for a body.
 *
 * @param base64 its value; empty when it will come in the trailing headers
 */
public record DeclaredChecksum(ChecksumAlgorithm algorithm, Optional<String> base64) {}
