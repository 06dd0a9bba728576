/** Where content is cut into blobs. Pure functions of bytes and the table that the repository's key makes. */
@NullMarked
package io.cairn.repository.cut;

import org.jspecify.annotations.NullMarked;
