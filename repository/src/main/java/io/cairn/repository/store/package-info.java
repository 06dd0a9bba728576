/**
 * Where the files of a repository are kept: the port {@link io.cairn.repository.store.Backend}, the local directory,
 * and decorators. Knows names and bytes, not what they mean. Read {@code docs/formats/repository.md} first.
 */
@NullMarked
package io.cairn.repository.store;

import org.jspecify.annotations.NullMarked;
