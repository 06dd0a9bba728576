/**
 * Volumes with a real Docker Engine, real loop devices and file systems, and in a virtual machine what this machine's
 * kernel lacks. Owns no product code. Read {@link io.cairn.acceptance.volumes.Engine} and
 * {@link io.cairn.acceptance.volumes.VolumeDaemon} first, then {@code docs/testing.md}.
 */
@NullMarked
package io.cairn.acceptance.volumes;

import org.jspecify.annotations.NullMarked;
