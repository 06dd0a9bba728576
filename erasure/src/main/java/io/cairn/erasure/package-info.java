/**
 * Reed–Solomon erasure coding over GF(2⁸): any k of the k+m shards of a stripe give back the others. Owns the field,
 * the code and the kernels that compute it; knows nothing of objects, checksums or drives. Erasure coding repairs what
 * is known to be missing: it does not find out which bytes are wrong. Start with {@link io.cairn.erasure.ErasureCode};
 * the choice of kernels is decision 0010.
 */
@NullMarked
package io.cairn.erasure;

import org.jspecify.annotations.NullMarked;
