package io.cairn.shards;

/** Bytes of a newer format than this program reads. Nothing was changed. */
final class UnknownFormatException extends RuntimeException {
    UnknownFormatException(String message) {
        super(message);
    }
}
