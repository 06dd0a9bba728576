/**
 * Where the master keys are that wrap the key of each encrypted volume. A {@link io.cairn.volumes.keys.KeyProvider} is
 * a key file, a passphrase or a key server; volumes keep only what it wrapped.
 */
@NullMarked
package io.cairn.volumes.keys;

import org.jspecify.annotations.NullMarked;
