package io.cairn.engine;

/** What a search for orphans found on the open drives; {@code released} says whether their space was given back. */
public record OrphanReport(long blobs, long shards, long bytes, boolean released) {}
