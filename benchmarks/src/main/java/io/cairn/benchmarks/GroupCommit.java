package io.cairn.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * The least that a durable log must do: one thread appends what is queued to a zero-filled file and syncs it once for
 * all. The limit beside which a log is measured. Safe for use by many threads.
 */
final class GroupCommit implements AutoCloseable {
    private static final int FILE_BYTES = 64 << 20;
    private final FileChannel channel;
    private final Queue<Append> queue = new ArrayDeque<>();
    private final Thread writer = Thread.ofPlatform().name("group-commit").unstarted(this::write);
    private boolean closed;

    private record Append(ByteBuffer bytes, CompletableFuture<Void> done) {}

    GroupCommit(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        for (int written = 0; written < FILE_BYTES; ) {
            written += channel.write(ByteBuffer.allocateDirect(1 << 20));
        }
        channel.force(true);
        channel.position(0);
        writer.start();
    }

    void append(byte[] bytes) {
        Append append = new Append(ByteBuffer.wrap(bytes), new CompletableFuture<>());
        synchronized (queue) {
            queue.add(append);
            queue.notifyAll();
        }
        append.done().join();
    }

    private void write() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4 << 20);
        for (List<Append> batch = next(); !batch.isEmpty(); batch = next()) {
            batch.forEach(append -> buffer.put(append.bytes()));
            buffer.flip();
            try {
                if (channel.position() + buffer.remaining() > FILE_BYTES) {
                    channel.position(0);
                }
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            buffer.clear();
            batch.forEach(append -> append.done().complete(null));
        }
    }

    private List<Append> next() {
        synchronized (queue) {
            while (queue.isEmpty() && !closed) {
                try {
                    queue.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            List<Append> batch = new ArrayList<>(queue);
            queue.clear();
            return batch;
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        channel.close();
    }
}
