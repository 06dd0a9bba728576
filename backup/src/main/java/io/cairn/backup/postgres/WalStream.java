package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Messages of a connection that streams WAL, taken off it by a thread of its own, so that the receiver never waits for
 * the server longer than it wants. Bounded: when nobody takes them, the server waits, and its slot keeps the WAL. One
 * thread takes.
 */
final class WalStream implements AutoCloseable {
    private static final int WAITING_MAX = 256;
    private static final int STATUS_BYTES = 33;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    /** What the server sends. */
    sealed interface Message {
        /** WAL that begins there, and how far the server has written. */
        record Data(Lsn start, Lsn written, byte[] bytes) implements Message {}

        /** A sign of life; {@code answer}: it wants one back at once. */
        record Alive(Lsn written, boolean answer) implements Message {}

        /** The server has no more of this timeline. */
        record End() implements Message {}

        record Failed(SourceFault fault) implements Message {}
    }

    private final PostgresConnection connection;
    private final BlockingQueue<Message> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread reader;
    private volatile boolean closed;

    WalStream(PostgresConnection connection) {
        this.connection = connection;
        this.reader = Thread.ofPlatform().daemon().name("wal-reader").start(this::read);
    }

    private void read() {
        try {
            while (!closed) {
                char type = connection.next();
                if (type == 'c') {
                    put(new Message.End());
                    return;
                }
                if (type == 'd') {
                    put(message(connection.body()));
                } else if (type != 'C' && type != 'Z') {
                    throw connection.unexpected(type, "START_REPLICATION");
                }
            }
        } catch (SourceFault fault) {
            put(new Message.Failed(fault));
        } catch (IOException broken) {
            put(new Message.Failed(connection.lost(broken)));
        }
    }

    private void put(Message message) {
        try {
            while (!closed && !waiting.offer(message, 1, TimeUnit.SECONDS)) {
                continue;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Message message(Wire.Body body) throws IOException {
        char kind = body.letter();
        if (kind == 'w') {
            Lsn start = new Lsn(body.int64());
            Lsn written = new Lsn(body.int64());
            body.int64();
            return new Message.Data(start, written, body.rest());
        }
        if (kind == 'k') {
            Lsn written = new Lsn(body.int64());
            body.int64();
            return new Message.Alive(written, body.letter() == 1);
        }
        throw new IOException("WAL came with a message of kind '" + kind + "', which is not known");
    }

    /** The next message; empty when none comes in that time. */
    Optional<Message> poll(Duration wait) {
        try {
            return Optional.ofNullable(waiting.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** True when a message waits. */
    boolean hasMore() {
        return !waiting.isEmpty();
    }

    /** Tells the server how far the WAL is durable here. */
    void status(Lsn flushed, Instant now, boolean answer) {
        long micros = Duration.between(EPOCH, now).toNanos() / 1000;
        connection.send(
                'd',
                ByteBuffer.allocate(STATUS_BYTES + 1)
                        .put((byte) 'r')
                        .putLong(flushed.bytes())
                        .putLong(flushed.bytes())
                        .putLong(0)
                        .putLong(micros)
                        .put((byte) (answer ? 1 : 0))
                        .array());
    }

    @Override
    public void close() {
        closed = true;
        connection.close();
        reader.interrupt();
        try {
            reader.join(Duration.ofSeconds(2));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
