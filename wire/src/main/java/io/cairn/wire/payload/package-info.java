/**
 * Request bodies: taking {@code aws-chunked} apart and putting it together, and checking signatures, hashes, checksums
 * and lengths in the one pass in which the bytes go by. Start with {@link io.cairn.wire.payload.PayloadSpec}, then
 * {@link io.cairn.wire.payload.VerifiedPayload}. Stores nothing and holds one small buffer per body.
 */
@NullMarked
package io.cairn.wire.payload;

import org.jspecify.annotations.NullMarked;
