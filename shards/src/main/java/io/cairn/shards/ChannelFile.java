package io.cairn.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file behind a {@link FileChannel} that survives interrupts: Java closes a channel whose reader is interrupted,
 * which here would close it for all other readers too, so it is opened again and the read repeated. Safe for use by
 * many threads.
 */
final class ChannelFile implements DiskFile {
    private final Path path;
    private final boolean writable;
    private volatile FileChannel channel;
    private boolean closed;
    private int descriptor = -1;

    ChannelFile(Path path, FileChannel channel, boolean writable) {
        this.path = path;
        this.channel = channel;
        this.writable = writable;
    }

    static FileChannel channel(Path path, boolean writable) throws IOException {
        return writable
                ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(path, StandardOpenOption.READ);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        boolean interrupted = false;
        int start = target.position();
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                FileChannel current = channel;
                try {
                    return readFully(current, target, position);
                } catch (ClosedChannelException closedByInterrupt) {
                    interrupted |= closedByInterrupt instanceof ClosedByInterruptException;
                    target.position(start);
                    reopen(current, closedByInterrupt);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int count = channel.read(target, position + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    private synchronized void reopen(FileChannel failed, ClosedChannelException cause) throws IOException {
        if (closed) {
            throw cause;
        }
        if (channel == failed) {
            channel = channel(path, writable);
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
        if (size > channel.size()) {
            write(ByteBuffer.allocate(1), size - 1);
        } else {
            FileChannel _ = channel.truncate(size);
        }
    }

    @Override
    public synchronized void punch(long offset, long length) throws IOException {
        Posix.punch(descriptor(), offset, length);
    }

    @Override
    public synchronized void dropCache() throws IOException {
        Posix.dropCache(descriptor());
    }

    private int descriptor() throws IOException {
        if (descriptor < 0) {
            descriptor = Posix.open(path);
        }
        return descriptor;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
        if (descriptor >= 0) {
            Posix.close(descriptor);
            descriptor = -1;
        }
    }
}
