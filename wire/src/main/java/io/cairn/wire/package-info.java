/**
 * The wire forms of S3, shared by servers and clients: error codes, addressing, percent-encoding and dates here;
 * signatures in {@code wire.sigv4}, request bodies in {@code wire.payload}, documents in {@code wire.xml}, browser
 * uploads in {@code wire.form}. Decides nothing about buckets or objects and does no I/O of its own. Every decoder
 * takes untrusted bytes, is bounded in memory and fails with {@link io.cairn.wire.S3Exception} alone. Read
 * {@link io.cairn.wire.S3Error} first.
 */
@NullMarked
package io.cairn.wire;

import org.jspecify.annotations.NullMarked;
