/**
 * Objects: put, get, copy, list, multipart, delete, and the workers that keep them whole: reclaim, repair, scrub,
 * drives that come and go. Stands on the ports of {@link io.cairn.model}; knows no Ratis, no RocksDB and no HTTP. Read
 * {@link io.cairn.engine.ObjectStore}, then {@link io.cairn.engine.Objects} and {@link io.cairn.engine.BlobWriter}.
 */
@NullMarked
package io.cairn.engine;

import org.jspecify.annotations.NullMarked;
