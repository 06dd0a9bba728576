package io.cairn.volumes.keys;

import io.cairn.host.KeyMaterial;
import io.cairn.volumes.spec.VolumeId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The port to whoever holds the master keys. Volume keys are wrapped and unwrapped by it, bound to the id of their
 * volume, so that a wrapped key of one volume does not open another. Every failure is a {@link KeyFault}. Calls may
 * take seconds (a network, a passphrase): not for a thread that must answer soon. Safe for many threads.
 */
public interface KeyProvider extends AutoCloseable {
    /** Where the master keys are; part of every {@link WrappedKey} from here. */
    ProviderKind kind();

    /**
     * Wraps with the current master key. If there is none it is made first, durably, but only when {@code inUse} is
     * empty: while a volume needs a master key that is not there it is lost, and another one in its place would hide
     * that.
     *
     * @param inUse the {@link WrappedKey#keyId} of every wrapped key that is stored now
     */
    WrappedKey wrap(VolumeId volume, KeyMaterial key, Set<String> inUse);

    /** The volume's key again, by any master key that has not been retired; the caller closes it. */
    KeyMaterial unwrap(VolumeId volume, WrappedKey wrapped);

    /** The id of the master key that {@link #wrap} uses now; empty before the first need of one. */
    Optional<String> currentKeyId();

    /**
     * Makes a new current master key, durable when this returns; earlier ones still unwrap. Unwrap and wrap every
     * stored key again after it. Returns the new id.
     */
    String rotate();

    /**
     * Destroys master keys that are neither current nor in {@code inUse}. Redoable. What others share, a key server's
     * keys, is left to its operators.
     */
    void retire(Set<String> inUse);

    /**
     * What must be kept elsewhere so that lost master keys can be put back: the content of the key file. Whoever has it
     * has the keys, except under a passphrase, without which it opens nothing. Empty when the keys cannot leave their
     * provider, or none is made yet.
     */
    Optional<KeyMaterial> export();

    /** The file that holds the master keys, when there is one: the pool's own disk is no place for it. */
    Optional<Path> keyFile();

    /** One sentence for status and doctor: what it is and where. No secret, and no call to anybody. */
    String describe();

    /** Wipes what is held in memory. */
    @Override
    void close();
}
