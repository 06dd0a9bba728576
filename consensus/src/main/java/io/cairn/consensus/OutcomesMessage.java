package io.cairn.consensus;

import java.util.List;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * The answers to the commands of one entry, in their order. It is handed over by reference inside this JVM and has no
 * byte form: followers never send it.
 */
record OutcomesMessage(List<byte[]> outcomes) implements Message {
    @Override
    public ByteString getContent() {
        return ByteString.EMPTY;
    }
}
