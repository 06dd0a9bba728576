package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers WAL and writes it as pieces that end at the latest with their segment. What {@link #flushed} says is durable.
 * One thread.
 */
final class WalWriter {
    /** A piece is written when it has so many bytes, however young it is. */
    static final int PIECE_MAX = 4 << 20;

    private static final int MERGE_AT = 32;

    private final WalArea area;
    private final long timeline;
    private final long segmentSize;
    private final byte[] waiting = new byte[PIECE_MAX];
    private final List<WalRange> small = new ArrayList<>();
    private int length;
    private Lsn flushed;

    WalWriter(WalArea area, long timeline, Lsn from, long segmentSize) {
        this.area = area;
        this.timeline = timeline;
        this.segmentSize = segmentSize;
        this.flushed = from;
    }

    /** All before this is durable. */
    Lsn flushed() {
        return flushed;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Takes bytes that follow those before; writes pieces as they get full. */
    void add(Lsn start, byte[] bytes) {
        Lsn expected = flushed.plus(length);
        if (!start.equals(expected)) {
            throw new SourceFault.Damaged("the server sent WAL from " + start + " where " + expected
                    + " comes next; the receiver starts again from " + flushed);
        }
        int at = 0;
        while (at < bytes.length) {
            long leftOfSegment = segmentSize - Long.remainderUnsigned(flushed.bytes() + length, segmentSize);
            int count = (int) Math.min(Math.min(bytes.length - at, PIECE_MAX - length), leftOfSegment);
            System.arraycopy(bytes, at, waiting, length, count);
            length += count;
            at += count;
            if (length == PIECE_MAX || count == leftOfSegment) {
                flush();
            }
        }
    }

    /** Writes what waits; it is durable on return. */
    void flush() {
        if (length == 0) {
            return;
        }
        var piece = new WalRange(timeline, flushed, flushed.plus(length));
        area.write(piece, waiting, 0);
        flushed = piece.to();
        length = 0;
        small.add(piece);
        if (Long.remainderUnsigned(flushed.bytes(), segmentSize) == 0) {
            small.clear();
        } else if (small.size() >= MERGE_AT) {
            merge();
        }
    }

    /** Many small pieces of an open segment become one. */
    private void merge() {
        var whole =
                new WalRange(timeline, small.getFirst().from(), small.getLast().to());
        byte[] bytes = new byte[Math.toIntExact(whole.length())];
        int at = 0;
        for (WalRange piece : small) {
            byte[] content = area.read(piece);
            System.arraycopy(content, 0, bytes, at, content.length);
            at += content.length;
        }
        area.write(whole, bytes, 0);
        small.forEach(area::delete);
        small.clear();
        if (bytes.length < PIECE_MAX) {
            small.add(whole);
        }
    }
}
