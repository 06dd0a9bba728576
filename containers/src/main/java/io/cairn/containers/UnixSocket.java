package io.cairn.containers;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A connection over a unix socket as a pair of streams whose reads and writes end in a {@link SocketTimeoutException}
 * when the other side is silent for too long. One thread reads and writes; any may close it.
 */
public final class UnixSocket implements Closeable {
    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;
    private volatile Duration patience;

    private UnixSocket(SocketChannel channel, Duration patience) throws IOException {
        this.channel = channel;
        this.patience = patience;
        channel.configureBlocking(false);
        readable = Selector.open();
        writable = Selector.open();
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    /** Connects; {@code patience} bounds every read and write from then on, zero does not. */
    public static UnixSocket connect(Path path, Duration patience) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        try {
            return new UnixSocket(channel, patience);
        } catch (IOException fault) {
            channel.close();
            throw fault;
        }
    }

    /** From now on this long may the other side be silent; zero: for ever. */
    public void patience(Duration changed) {
        patience = changed;
    }

    private void await(Selector selector) throws IOException {
        if (selector.select(patience.toMillis()) == 0 && channel.isOpen()) {
            throw new SocketTimeoutException("nothing was heard for " + patience.toSeconds() + " s");
        }
        selector.selectedKeys().clear();
    }

    /** What the other side sends. */
    public InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
                int count = channel.read(buffer);
                while (count == 0 && length > 0) {
                    await(readable);
                    count = channel.read(buffer);
                }
                return count;
            }
        };
    }

    /** What we send. */
    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
                while (buffer.hasRemaining()) {
                    if (channel.write(buffer) == 0) {
                        await(writable);
                    }
                }
            }
        };
    }

    /** Nothing more is sent; the other side sees the end. */
    public void finishOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        readable.close();
        writable.close();
    }
}
