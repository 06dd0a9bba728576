/**
 * Docker's volume driver protocol on a unix socket. Owns the wire form, Docker's time-outs, and the mapping of Docker's
 * mount ids on holders of volumes; decides nothing about volumes: see {@link io.cairn.volumes}. Read
 * {@link io.cairn.docker.VolumePlugin} first.
 *
 * @see <a href="https://docs.docker.com/engine/extend/plugins_volume/">Docker volume plugins</a>
 */
@NullMarked
package io.cairn.docker;

import org.jspecify.annotations.NullMarked;
