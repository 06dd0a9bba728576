/**
 * The two ways to Linux: system calls through the foreign function API ({@link io.cairn.host.kernel.Kernel}, and
 * {@link io.cairn.host.kernel.Descriptor} for an open file), and programs ({@link io.cairn.host.kernel.Tool}), which
 * are for what no system call does: making, checking and growing filesystems, LUKS. Knows nothing of what they are used
 * for.
 */
@NullMarked
package io.cairn.host.kernel;

import org.jspecify.annotations.NullMarked;
