package io.cairn.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection of a load: one call is on its way at any time. For the thread of its loop. */
final class LoadConnection {
    private static final int OUT_BYTES = 64 << 10;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES);
    private final AnswerReader answer = new AnswerReader();
    private ByteBuffer body = SignedCall.NO_BODY;
    private SignedCall call = new SignedCall(new byte[0], SignedCall.NO_BODY, 0, 0, false);
    private long sentAtNanos;

    LoadConnection(InetSocketAddress address, Selector selector) throws IOException {
        channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Sends the call, as much of it as the socket takes now. */
    void send(SignedCall next) throws IOException {
        call = next;
        answer.begin(next.silent());
        out.clear().put(next.head());
        body = next.body().duplicate();
        if (body.remaining() <= out.remaining()) {
            out.put(body);
        }
        out.flip();
        sentAtNanos = System.nanoTime();
        flush();
    }

    /** Goes on sending; the loop calls it when the socket has room. */
    void flush() throws IOException {
        if (out.hasRemaining()) {
            channel.write(out);
        }
        if (!out.hasRemaining() && body.hasRemaining()) {
            channel.write(body);
        }
        boolean more = out.hasRemaining() || body.hasRemaining();
        int interest = more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Reads what is there; true once the answer is whole. */
    boolean receive(ByteBuffer in) throws IOException {
        in.clear();
        int count = channel.read(in);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        return answer.take(in.flip());
    }

    boolean succeeded() {
        return answer.status() == call.status()
                && (call.answerBytes() < 0 || call.answerBytes() == answer.length())
                && !out.hasRemaining()
                && !body.hasRemaining();
    }

    /** What an answer that was no success said. */
    String complaint() {
        String request = new String(call.head(), java.nio.charset.StandardCharsets.ISO_8859_1);
        return request.substring(0, request.indexOf(" HTTP/")) + ": " + answer.text();
    }

    /** The bytes of content that went one way or the other. */
    long contentBytes() {
        return call.body().remaining() + (call.silent() ? 0 : answer.length());
    }

    long sentAtNanos() {
        return sentAtNanos;
    }

    void close() throws IOException {
        channel.close();
    }
}
