package io.cairn.volumes.keys;

import io.cairn.host.KeyMaterial;
import io.cairn.volumes.spec.VolumeId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The port for master keys. A master key never leaves its provider; volume keys are wrapped and unwrapped by it, bound
 * to the id of their volume, so that a wrapped key of one volume does not open another. Safe for many threads.
 */
public interface KeyProvider {
    /** What {@link WrappedKey#provider} says of keys from here: {@code file}, {@code passphrase}, {@code vault}. */
    String name();

    /**
     * Wraps with the current master key, which is created durably on first need.
     *
     * @throws KeyFault when there is no master key to be had; nothing was wrapped then
     */
    WrappedKey wrap(VolumeId volume, KeyMaterial key);

    /**
     * The volume's key again, with any master key that has not been retired; the caller closes it.
     *
     * @throws KeyFault when the master key is lost, wrong, or cannot be reached: the message says which
     */
    KeyMaterial unwrap(VolumeId volume, WrappedKey wrapped);

    /** The id of the master key that {@link #wrap} uses now; empty before the first need of one. */
    Optional<String> currentKeyId();

    /** Makes a new current master key, durable when this returns; earlier ones still unwrap. */
    void rotate();

    /** Destroys master keys that are neither current nor in {@code inUse}. Redoable. */
    void retire(Set<String> inUse);

    /** The file that holds the master key, when there is one: the pool's own disk is no place for it. */
    Optional<Path> keyFile();

    /** One sentence for status and doctor: what it is and where. No secret. */
    String describe();
}
