package io.cairn.repository;

import io.cairn.repository.pack.BlobType;
import io.cairn.repository.seal.Id;
import io.cairn.repository.tree.Node;
import java.io.InputStream;
import java.util.Iterator;

/** The content of a file of a snapshot, piece by piece. Pieces before the offset are not read. One thread. */
final class NodeStream extends InputStream {
    private final BlobSource source;
    private final Iterator<Id> pieces;
    private byte[] piece = new byte[0];
    private int at;
    private long skip;

    NodeStream(BlobSource source, Node file, long offset) {
        this.source = source;
        this.pieces = file.content().iterator();
        this.skip = offset;
    }

    @Override
    public int read() {
        return advance() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean advance() {
        while (at == piece.length && pieces.hasNext()) {
            Id id = pieces.next();
            int size = source.place(BlobType.DATA, id).blob().size();
            if (skip >= size) {
                skip -= size;
            } else {
                piece = source.load(BlobType.DATA, id);
                at = (int) skip;
                skip = 0;
            }
        }
        return at < piece.length;
    }
}
