package io.cairn.model;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A finished object as the index holds it and as its seal on the drives repeats it.
 *
 * @param modified the time that the node that took the request chose, to the millisecond
 * @param headers the stored headers by lower-case name: {@code content-type}, {@code x-amz-meta-…} and so on
 * @param parts in order; one part with number 0 when the object was put in one piece
 * @param seal the blob whose label carries this row: the only part's own, or one without content for a multipart object
 * @param upload the multipart upload that made the object; known to the index alone, not to commands and labels
 */
public record ObjectRow(
        ObjectKey key,
        long size,
        ETag etag,
        Instant modified,
        Map<String, String> headers,
        Optional<StoredChecksum> checksum,
        List<ObjectPart> parts,
        BlobRef seal,
        Optional<UploadId> upload) {
    public ObjectRow {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        parts = List.copyOf(parts);
    }

    /** A row that is not known to have come from an upload. */
    public ObjectRow(
            ObjectKey key,
            long size,
            ETag etag,
            Instant modified,
            Map<String, String> headers,
            Optional<StoredChecksum> checksum,
            List<ObjectPart> parts,
            BlobRef seal) {
        this(key, size, etag, modified, headers, checksum, parts, seal, Optional.empty());
    }

    /** The row as the result of an upload. */
    public ObjectRow of(UploadId maker) {
        return new ObjectRow(key, size, etag, modified, headers, checksum, parts, seal, Optional.of(maker));
    }

    public boolean multipart() {
        return parts.isEmpty() || parts.getFirst().number() != 0;
    }
}
