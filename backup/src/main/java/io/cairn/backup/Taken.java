package io.cairn.backup;

import io.cairn.repository.Backup;

/** A copy that was taken: where, in the source's terms, and what it added to the repository. */
public record Taken(Cut cut, Backup.Result result) {}
