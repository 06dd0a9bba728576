package io.cairn.engine;

import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;

/** What became of a write of an object. */
public sealed interface PutResult {
    /** The object is durable and current. */
    record Stored(ObjectRow row) implements PutResult {}

    /** Nothing was stored; the outcome says why: NoSuchBucket, NoSuchKey, NoSuchUpload, PreconditionFailed. */
    record Refused(Outcome reason) implements PutResult {}
}
