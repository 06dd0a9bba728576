/**
 * Blobs, the packs that hold them, the index files that find them, and the index in memory. Knows no trees and no
 * snapshots.
 */
@NullMarked
package io.cairn.repository.pack;

import org.jspecify.annotations.NullMarked;
