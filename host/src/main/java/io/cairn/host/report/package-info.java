/**
 * The facts of a Linux host that decide what volumes on it can promise: kernel, capabilities, programs, disks, Docker.
 * Reads only, and fails on nothing: what cannot be read is said. See {@link io.cairn.host.report.LinuxHostReport}.
 */
@NullMarked
package io.cairn.host.report;

import org.jspecify.annotations.NullMarked;
