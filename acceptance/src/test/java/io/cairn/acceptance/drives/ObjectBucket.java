package io.cairn.acceptance.drives;

import java.util.Optional;

/**
 * A bucket as a load sees it, in this process or over HTTP. What cannot be done at the moment is a
 * {@link io.cairn.model.StorageFault}. Safe for use by many threads.
 */
interface ObjectBucket {
    void put(String key, byte[] bytes);

    /** Puts the content as an upload of parts of the given size. */
    void putParts(String key, byte[] bytes, int partBytes);

    /** Removes the object, if there is one. */
    void delete(String key);

    /** The content, or empty when there is no such object. */
    Optional<byte[]> get(String key);
}
