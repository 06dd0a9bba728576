/**
 * Volumes of this host: their registry, life cycle, snapshots, limits and keys, and the reconciliation of all that with
 * what the kernel really has. Owns {@code volume.json} and the pool directory; knows nothing of Docker or of HTTP, and
 * makes no system call itself: see {@link io.cairn.host} for those.
 *
 * <p>Start with {@link io.cairn.volumes.Volumes}; then the format, {@code docs/formats/volume.md}, which says what is
 * written before each step; then {@code Holding} and {@code Mounter}, {@code Recovery} and {@code Reconciler}.
 *
 * <p>For tests that kill the daemon: the system property {@code cairn.volumes.haltAt=hold:3} halts the process before
 * the third step (a call that changes the host or the registry) of the first {@code hold} after the start; the names
 * are those of the operations of {@code Volumes}, and {@code clone} for a creation with {@code from}.
 */
@NullMarked
package io.cairn.volumes;

import org.jspecify.annotations.NullMarked;
