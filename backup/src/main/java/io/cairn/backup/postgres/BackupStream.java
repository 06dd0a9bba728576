package io.cairn.backup.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * What a server sends for {@code BASE_BACKUP} since version 15: archives of tar, one for each tablespace, then the
 * manifest, in one run of copied data. Read part by part. One thread.
 */
final class BackupStream {
    /** What comes next. */
    sealed interface Part {
        /** An archive; the path of its tablespace on the server is empty for the data directory. */
        record Archive(String name, String location) implements Part {}

        record Manifest() implements Part {}

        record End() implements Part {}
    }

    private final PostgresConnection connection;
    private byte[] data = {};
    private int at;
    private int end;
    private boolean over;
    private Part pending = new Part.End();
    private boolean isPending;

    BackupStream(PostgresConnection connection) {
        this.connection = connection;
    }

    /** Skips what is left of this part; tells what the next one is. */
    Part next() throws IOException {
        while (fill()) {
            at = end;
        }
        isPending = false;
        return over ? new Part.End() : pending;
    }

    /** The bytes of the part that {@link #next} told of. */
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return fill() ? data[at++] & 0xff : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (!fill()) {
                    return -1;
                }
                int count = Math.min(length, end - at);
                System.arraycopy(data, at, target, offset, count);
                at += count;
                return count;
            }
        };
    }

    /** True when there is a byte of this part. */
    private boolean fill() throws IOException {
        while (at == end) {
            if (isPending || over) {
                return false;
            }
            message();
        }
        return true;
    }

    private void message() throws IOException {
        char type = connection.next();
        if (type == 'c') {
            over = true;
            return;
        }
        if (type != 'd') {
            throw connection.unexpected(type, "BASE_BACKUP");
        }
        Wire.Body body = connection.body();
        char kind = body.letter();
        switch (kind) {
            case 'd' -> {
                data = connection.wire().array();
                at = 1;
                end = connection.wire().length();
            }
            case 'n' -> begin(new Part.Archive(body.text(), body.text()));
            case 'm' -> begin(new Part.Manifest());
            case 'p' -> {} // how far it is; the bytes themselves say so
            default -> throw new IOException("a part of kind '" + kind + "' is not known");
        }
    }

    private void begin(Part part) {
        pending = part;
        isPending = true;
    }

    /** All bytes of this part, at most {@code max}. */
    byte[] all(int max) throws IOException {
        byte[] bytes = content().readNBytes(max);
        if (fill()) {
            throw new IOException("a part of the backup is longer than " + max + " bytes");
        }
        return Arrays.copyOf(bytes, bytes.length);
    }
}
