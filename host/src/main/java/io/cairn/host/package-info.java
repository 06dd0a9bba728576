/**
 * What Cairn asks of Linux, as ports: {@link io.cairn.host.LoopDevices}, {@link io.cairn.host.MountTable},
 * {@link io.cairn.host.Filesystems}, {@link io.cairn.host.ImageFiles}, {@link io.cairn.host.Encryption},
 * {@link io.cairn.host.DirectoryEncryption}, {@link io.cairn.host.Throttle}. Each says what is true after return and
 * after a crash half-way. Keeps no state of its own: the kernel is asked every time. Knows nothing of volumes.
 *
 * <p>{@code io.cairn.host.kernel} makes system calls and runs programs, {@code io.cairn.host.linux} implements loop
 * devices, mounts, filesystems and images on them. An expected outcome is a sealed result; everything else that goes
 * wrong is a {@link io.cairn.host.HostFault}. Start with {@link io.cairn.host.Host}.
 */
@NullMarked
package io.cairn.host;

import org.jspecify.annotations.NullMarked;
