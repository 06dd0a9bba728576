package io.cairn.simulation.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A file in two copies: what programs see, and what is on the platters. The changes between the two wait in a list; a
 * sync replays them, a crash replays some. Thread-safe.
 */
final class VolatileFile extends Node {
    private static final int COPY_BYTES = 1 << 16;

    private final Path seenPath;
    private final Path durablePath;
    private final FileChannel seen;
    private final FileChannel durable;
    private final List<Change> pending = new ArrayList<>();

    VolatileFile(Path storage, long number, int mode, Instant modified) throws IOException {
        super(mode, modified);
        seenPath = storage.resolve(number + ".seen");
        durablePath = storage.resolve(number + ".durable");
        seen = open(seenPath);
        durable = open(durablePath);
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    long size() throws IOException {
        return seen.size();
    }

    int read(ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int count = seen.read(target, position + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    void write(byte[] bytes, long position) throws IOException {
        change(new Change.Write(position, bytes));
    }

    synchronized void resize(long size) throws IOException {
        if (size != seen.size()) {
            change(new Change.Resize(seen.size(), size));
        }
    }

    void punch(long start, long length) throws IOException {
        change(new Change.Hole(start, length));
    }

    private synchronized void change(Change change) throws IOException {
        change.apply(seen);
        pending.add(change);
    }

    @Override
    synchronized void sync() throws IOException {
        for (Change change : pending) {
            change.apply(durable);
        }
        pending.clear();
    }

    @Override
    synchronized void crash(PowerLoss loss, SplittableRandom random) throws IOException {
        if (loss == PowerLoss.REORDER) {
            for (Change change : pending) {
                change.tear(durable, random);
            }
        }
        for (Change change : pending) {
            revert(change.start(), change.end());
        }
        pending.clear();
        long size = durable.size();
        new Change.Resize(seen.size(), size).apply(seen);
    }

    /** Brings a range back to what is durable. */
    private void revert(long start, long end) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(COPY_BYTES);
        long until = Math.min(end, durable.size());
        for (long at = start; at < until; ) {
            piece.clear().limit((int) Math.min(COPY_BYTES, until - at));
            int count = durable.read(piece, at);
            if (count <= 0) {
                break;
            }
            piece.flip();
            while (piece.hasRemaining()) {
                at += seen.write(piece, at);
            }
        }
    }

    /** The file has no name and no user any more. */
    void discard() throws IOException {
        seen.close();
        durable.close();
        Files.deleteIfExists(seenPath);
        Files.deleteIfExists(durablePath);
    }
}
