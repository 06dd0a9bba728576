package io.cairn.benchmarks;

import java.nio.ByteBuffer;

/**
 * A request ready to go over the wire, and the answer that counts as success.
 *
 * @param head the request line and the headers, signed
 * @param body what follows the head; read by duplicates, so many calls share it
 * @param status the status of success
 * @param answerBytes the announced length of a successful answer, or -1 for any
 * @param silent whether the answer has no body whatever it announces, as to HEAD
 */
record SignedCall(byte[] head, ByteBuffer body, int status, long answerBytes, boolean silent) {
    static final ByteBuffer NO_BODY = ByteBuffer.allocate(0);
}
