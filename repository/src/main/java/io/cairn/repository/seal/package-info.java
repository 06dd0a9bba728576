/**
 * Ids, keys and the sealing of bytes: AES-256-CTR with Poly1305-AES, and scrypt for passwords, as restic's format has
 * them. Knows no files but the key file.
 */
@NullMarked
package io.cairn.repository.seal;

import org.jspecify.annotations.NullMarked;
