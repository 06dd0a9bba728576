package io.cairn.model;

import io.cairn.base.ChecksumAlgorithm;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A multipart upload that was begun: what the finished object will carry, and which checksums its parts must have. */
public record UploadRow(
        UploadId id,
        ObjectKey key,
        Instant begun,
        String owner,
        Map<String, String> headers,
        Optional<ChecksumAlgorithm> checksumAlgorithm,
        Optional<StoredChecksum.Kind> checksumKind) {
    public UploadRow {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }
}
