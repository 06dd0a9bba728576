package io.cairn.volumes.keys;

import java.nio.file.Path;
import java.util.Optional;

/** Where a key ring lies, in the clear or sealed. Safe for many threads. */
sealed interface RingStore extends AutoCloseable permits PlainRing, SealedRing {
    ProviderKind kind();

    Path file();

    /** The ring, which the caller closes; empty when there is no file. */
    Optional<KeyRing> read();

    /** Makes the file with this ring, durable after return; false when there is one already. */
    boolean make(KeyRing ring);

    /** Puts this ring in place of the one that is there, durable after return. */
    void replace(KeyRing ring);

    @Override
    void close();
}
