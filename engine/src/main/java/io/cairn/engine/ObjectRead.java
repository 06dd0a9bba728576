package io.cairn.engine;

import io.cairn.model.BlobId;
import io.cairn.model.ObjectRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A range of an object that is being read. Its first piece has been read and verified when the read is opened, so that
 * damage there is an error and not a broken answer; its space is not given back before {@link #close}. Owned by one
 * thread.
 */
public final class ObjectRead implements AutoCloseable {
    private final ObjectRow row;
    private final ContentReader reader;
    private final ReadBuffers buffers;
    private final OpenBlobs open;
    private final ReadTarget target;

    private ObjectRead(ObjectRow row, ContentReader reader, ReadBuffers buffers, OpenBlobs open, ReadTarget target) {
        this.row = row;
        this.reader = reader;
        this.buffers = buffers;
        this.open = open;
        this.target = target;
    }

    /** Pins the object and reads the first piece; empty when its row is gone and its space is being given back. */
    static Optional<ObjectRead> open(
            ObjectRow row, long from, long length, ShardReader shards, ReadBuffers buffers, OpenBlobs open) {
        ByteBuffer buffer = buffers.take(length);
        if (!open.pin(blobs(row))) {
            buffers.give(buffer);
            return Optional.empty();
        }
        ContentReader reader = new ContentReader(shards, row.parts(), from, length);
        ObjectRead read = new ObjectRead(row, reader, buffers, open, new ReadTarget(buffer));
        boolean opened = false;
        try {
            read.advance();
            opened = true;
            return Optional.of(read);
        } finally {
            if (!opened) {
                read.close();
            }
        }
    }

    private static List<BlobId> blobs(ObjectRow row) {
        return row.parts().stream().map(part -> part.blob().id()).toList();
    }

    private void advance() {
        target.buffer().clear();
        reader.fill(target);
        target.buffer().flip();
    }

    public ObjectRow row() {
        return row;
    }

    /** Passes the whole range to the sink, piece by piece. Called once. */
    public void transferTo(ContentSink sink) throws IOException {
        while (target.buffer().hasRemaining()) {
            sink.write(target.buffer());
            advance();
        }
    }

    /** Reads on like a stream: 1 to {@code length} bytes, or -1 at the end. */
    public int read(byte[] into, int offset, int length) {
        if (!target.buffer().hasRemaining()) {
            advance();
        }
        ByteBuffer buffer = target.buffer();
        if (!buffer.hasRemaining()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(into, offset, count);
        return count;
    }

    @Override
    public void close() {
        buffers.give(target.buffer());
        open.unpin(blobs(row));
    }
}
