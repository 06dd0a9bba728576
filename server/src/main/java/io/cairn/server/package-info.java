/**
 * The daemon: opens the drives and the metadata log, wires the engine and the faces, and stops them in order. The only
 * place that knows every module. Read {@link io.cairn.server.Node} first.
 */
@NullMarked
package io.cairn.server;

import org.jspecify.annotations.NullMarked;
