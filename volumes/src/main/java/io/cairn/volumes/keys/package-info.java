/**
 * Who holds the master key, and how the key of a volume is wrapped by it. Owns the key files and the form of a wrapped
 * key ({@code docs/formats/keys.md}); does not know where wrapped keys are stored, nor what the keys open. Start with
 * {@link io.cairn.volumes.keys.KeyProvider}, made from a {@link io.cairn.volumes.keys.KeySource}.
 */
@NullMarked
package io.cairn.volumes.keys;

import org.jspecify.annotations.NullMarked;
