/**
 * The metadata state machine over RocksDB: buckets, the object index, uploads, leases, queues, users and the placement
 * map. Owns the layout of the rows ({@code docs/formats/metadata-rows.md}); knows nothing of Raft or of shards. Read
 * {@link io.cairn.metadata.MetadataStore} first, then {@code Decisions}, then {@code PendingRows}.
 */
@NullMarked
package io.cairn.metadata;

import org.jspecify.annotations.NullMarked;
