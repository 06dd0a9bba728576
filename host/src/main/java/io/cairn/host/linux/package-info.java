/**
 * Loop devices, mounts, filesystems and image files of Linux, by system calls where one serves. Start with
 * {@link io.cairn.host.linux.LinuxLoopDevices}.
 */
@NullMarked
package io.cairn.host.linux;

import org.jspecify.annotations.NullMarked;
