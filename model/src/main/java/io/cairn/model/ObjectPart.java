package io.cairn.model;

import java.util.Optional;

/**
 * One part of a finished object: its number (0 for an object that was put in one piece), size, content and checksum.
 */
public record ObjectPart(int number, long size, BlobRef blob, Optional<StoredChecksum> checksum) {}
