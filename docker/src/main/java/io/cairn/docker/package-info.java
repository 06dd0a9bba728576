/**
 * Docker's volume driver protocol on a unix socket. Owns the wire form and the mapping of Docker's mount ids on holders
 * of volumes; decides nothing about volumes: see {@link io.cairn.volumes}.
 */
@NullMarked
package io.cairn.docker;

import org.jspecify.annotations.NullMarked;
