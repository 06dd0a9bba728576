/**
 * What is to be backed up when, and how long it is kept: policies as people write them
 * ({@link io.cairn.backup.policy.PolicyFile}), when they are due ({@link io.cairn.backup.policy.Cron}), which recovery
 * points stay ({@link io.cairn.backup.policy.PointRetention}), and one run of one policy
 * ({@link io.cairn.backup.policy.PolicyRun}). Knows no threads and no daemon.
 */
@NullMarked
package io.cairn.backup.policy;

import org.jspecify.annotations.NullMarked;
