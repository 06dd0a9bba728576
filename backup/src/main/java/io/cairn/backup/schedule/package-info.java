/**
 * Runs policies when they are due, one thread each: {@link io.cairn.backup.schedule.Scheduler}. What it remembers over
 * a restart is in {@link io.cairn.backup.schedule.PolicyState}.
 */
@NullMarked
package io.cairn.backup.schedule;

import org.jspecify.annotations.NullMarked;
