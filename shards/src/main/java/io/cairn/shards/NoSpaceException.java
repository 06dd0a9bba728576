package io.cairn.shards;

import java.io.IOException;

/** A batch that did not fit and of which nothing is left on the disk. */
final class NoSpaceException extends Exception {
    NoSpaceException(IOException cause) {
        super(cause);
    }
}
