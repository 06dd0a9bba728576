/**
 * The admin face, on a listener of its own: the plain key API {@code /data/{key}}, {@code /health}, {@code /metrics}
 * and the admin API {@code /admin/v1} that the command line speaks. Holds no business rules. Read
 * {@link io.cairn.console.AdminHandler} first. Beside it {@link io.cairn.console.VolumeApi}, the control of volumes on
 * a unix socket of its own.
 */
@NullMarked
package io.cairn.console;

import org.jspecify.annotations.NullMarked;
