package io.cairn.metadata;

import io.cairn.model.BlobRef;
import io.cairn.model.MetadataView;
import io.cairn.model.RowCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The blobs of all rows, page by page: objects first, then parts, each in the order of their keys. A position is the
 * family and the key of the last row of the page before, so that rows which come and go do not move it. Layout:
 * {@code docs/formats/metadata-rows.md}. One page of one moment.
 */
final class BlobPages {
    private static final int OBJECTS = 1;
    private static final int PARTS = 2;
    private static final byte[] START = {};

    private final Moment moment;
    private final List<BlobRef> blobs = new ArrayList<>();

    BlobPages(Moment moment) {
        this.moment = moment;
    }

    MetadataView.BlobPage page(String after, int rows) {
        byte[] position = HexFormat.of().parseHex(after);
        boolean inParts = position.length > 0 && position[0] == PARTS;
        // Behind the key itself comes the key with a zero at its end.
        byte[] from = position.length == 0 ? START : Arrays.copyOfRange(position, 1, position.length + 1);
        String next = inParts ? "" : walk(Family.OBJECTS, OBJECTS, from, rows);
        if (next.isEmpty()) {
            int left = Math.max(1, rows - blobs.size());
            next = walk(Family.PARTS, PARTS, inParts ? from : START, left);
        }
        return new MetadataView.BlobPage(blobs, next);
    }

    /** Takes the blobs of so many rows; answers the position behind them, empty when there are no more. */
    private String walk(Family family, int code, byte[] from, int rows) {
        byte[] last = START;
        try (Cursor cursor = moment.cursor(family, from, Reads.END)) {
            for (int taken = 0; cursor.valid(); cursor.next(), taken++) {
                if (taken == rows) {
                    return HexFormat.of().toHexDigits((byte) code)
                            + HexFormat.of().formatHex(last);
                }
                last = cursor.key();
                take(family, cursor);
            }
        }
        return "";
    }

    private void take(Family family, Cursor cursor) {
        if (family == Family.PARTS) {
            blobs.add(RowCodec.decodePart(cursor.value()).blob());
        } else {
            boolean _ = Reads.visit(Reads.objectAt(cursor, moment), blobs::add);
        }
    }
}
