/**
 * The S3 face: tells what a request wants ({@code io.cairn.s3.request}), who sends it, and carries it out on the
 * engine. Owns the mapping between S3's protocol and the engine and nothing else: no rule about objects is made here.
 * Read {@link io.cairn.s3.S3Service} first, then the class of the operation's family.
 */
@NullMarked
package io.cairn.s3;

import org.jspecify.annotations.NullMarked;
