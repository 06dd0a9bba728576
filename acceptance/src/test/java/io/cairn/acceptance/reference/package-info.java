/**
 * The S3 face of a whole node against a reference model of S3 in memory. Owns no product code. Read
 * {@link io.cairn.acceptance.reference.ReferenceStore} first.
 */
@NullMarked
package io.cairn.acceptance.reference;

import org.jspecify.annotations.NullMarked;
