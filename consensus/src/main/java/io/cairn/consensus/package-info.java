/**
 * The command log on Apache Ratis: it owns the order and the durability of commands, the members' directories, the
 * batching above Raft, checkpoints for members that lag, and taking a failed member out of service. Commands and
 * outcomes are bytes to it; it knows nothing of objects. It is the only module that imports Ratis.
 *
 * <p>Read {@link io.cairn.model.CommandLog} first, then {@link io.cairn.consensus.RatisLog}; the formats are in
 * {@code docs/formats/log-entry.md} and {@code docs/formats/log-member.md}, the reasons in {@code docs/decisions}.
 */
@NullMarked
package io.cairn.consensus;

import org.jspecify.annotations.NullMarked;
