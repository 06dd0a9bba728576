package io.cairn.client;

import java.time.Instant;

/**
 * An entry of a listing: an object, one of its versions, or a delete marker. {@code version} is empty in a listing of
 * objects, and {@code null} (the word) for what was written without versioning. {@code etag} is without quotes.
 */
public record Listed(
        String key, String version, boolean latest, boolean deleteMarker, Instant modified, String etag, long size) {}
