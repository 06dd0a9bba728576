package io.cairn.consensus;

import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * An entry on its way into the leader's log. {@link #entered()} tells whether the leader's state machine has seen it:
 * until then it certainly is in no log. Safe for use by many threads.
 */
final class EntryMessage implements Message {
    private final ByteString content;
    private volatile boolean entered;

    EntryMessage(byte[] entry) {
        content = UnsafeByteOperations.unsafeWrap(entry);
    }

    void enter() {
        entered = true;
    }

    boolean entered() {
        return entered;
    }

    @Override
    public ByteString getContent() {
        return content;
    }
}
