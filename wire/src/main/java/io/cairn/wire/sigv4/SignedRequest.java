package io.cairn.wire.sigv4;

import io.cairn.wire.Header;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a signature covers, as it stood in the request head, with one {@code char} per byte throughout.
 *
 * @param rawPath the path before the {@code ?}, still encoded
 * @param rawQuery what stands behind the {@code ?}, still encoded, empty when there is none
 * @param headers every field in its order, repeats included
 * @param now the server's time when the request arrived
 */
public record SignedRequest(String method, String rawPath, String rawQuery, List<Header> headers, Instant now) {
    public SignedRequest {
        headers = List.copyOf(headers);
    }

    /** The value of the first field of that name. */
    public Optional<String> header(String name) {
        return Header.first(headers, name);
    }
}
