/**
 * The nouns of object storage: buckets, keys, objects, blobs and shards, drives and placement, the commands of the
 * metadata log with their outcomes, the faults, and the ports {@link io.cairn.model.CommandLog} and
 * {@link io.cairn.model.ShardStore}. Does no I/O. Read {@link io.cairn.model.ObjectRow} first, then the ports.
 */
@NullMarked
package io.cairn.model;

import org.jspecify.annotations.NullMarked;
