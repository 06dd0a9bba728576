/**
 * What a client asks for, in one type: {@link io.cairn.s3.request.S3Request}, read from a request's head by
 * {@link io.cairn.s3.request.S3RequestDecoder}. Pure: no I/O, no state, no clock. Does not read bodies, does not check
 * signatures and does not know whether a bucket exists.
 */
@NullMarked
package io.cairn.s3.request;

import org.jspecify.annotations.NullMarked;
