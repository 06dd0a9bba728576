/**
 * What a volume is asked to be: names, options, storage classes and the configuration file, resolved to one
 * {@link io.cairn.volumes.spec.VolumeSpec} or refused with the reason. Pure: asks nothing of the host and writes
 * nothing. Read {@link io.cairn.volumes.spec.VolumeOption} first, which is also where the reference page comes from.
 */
@NullMarked
package io.cairn.volumes.spec;

import org.jspecify.annotations.NullMarked;
