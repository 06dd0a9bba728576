/**
 * Volumes of this host: their registry, life cycle, snapshots, limits and keys, and the reconciliation of all that with
 * what the kernel really has. Owns {@code volume.json} and the pool directory; knows nothing of Docker or of HTTP, and
 * makes no system call itself: see {@link io.cairn.host} for those.
 */
@NullMarked
package io.cairn.volumes;

import org.jspecify.annotations.NullMarked;
