package io.cairn.host;

import java.util.Optional;

/** What the first blocks of a device hold. */
public sealed interface Contents {
    /** Zeros where every known format has its marks: nobody's data will be overwritten. */
    record Empty() implements Contents {}

    /** A filesystem of a kind that volumes use. {@code identity} is its UUID. */
    record Filesystem(FilesystemKind kind, String identity, Optional<String> label) implements Contents {}

    /** A LUKS container of the given version. */
    record Luks(int version, String identity) implements Contents {}

    /** Something else that is known by its marks; {@code description} says what. Never to be overwritten. */
    record Other(String description) implements Contents {}

    /** Bytes that nothing here recognises: somebody's data, noise, or a filesystem that was not made to the end. */
    record Unknown(String description) implements Contents {}
}
