package io.cairn.engine;

import io.cairn.model.ETag;
import io.cairn.model.StoredChecksum;
import java.io.IOException;
import java.util.Optional;

/**
 * The content of an upload as a face hands it over. The engine reads to the end, then asks for the {@link #facts()}
 * before anything is committed; whatever either of them throws ends the upload with nothing stored.
 */
public interface ContentSource {
    /** Reads 1 to {@code length} bytes, blocking, or answers -1 at the verified end. */
    int read(byte[] target, int offset, int length) throws IOException;

    /** What the source learned of the content that was read, all of it verified. Called once, after the end. */
    Facts facts() throws IOException;

    /** The entity tag of the content and the checksum to keep with it. */
    record Facts(ETag etag, Optional<StoredChecksum> checksum) {}
}
