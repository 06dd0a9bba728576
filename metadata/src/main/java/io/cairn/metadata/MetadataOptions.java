package io.cairn.metadata;

import io.cairn.base.ByteCount;

/**
 * What a metadata store may use of the machine.
 *
 * @param blockCache decompressed blocks, indexes and filters that stay in memory
 * @param memtables rows that are not in table files yet
 * @param logMax the write-ahead log that an open after a crash may have to read
 */
public record MetadataOptions(ByteCount blockCache, ByteCount memtables, ByteCount logMax) {
    /** 32 MiB of cache, 32 MiB of memtables, a write-ahead log of up to 24 MiB. */
    public static MetadataOptions defaults() {
        return new MetadataOptions(ByteCount.mebibytes(32), ByteCount.mebibytes(32), ByteCount.mebibytes(24));
    }
}
