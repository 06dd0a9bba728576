package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The RDB within the replication stream, which says where it ends in one of two ways: by a length in front
 * ({@code $1234}), or by 40 random bytes that follow it ({@code $EOF:}, when the server sends as it forks and writes no
 * file). A stream that breaks off is a {@link SourceFault}, never an end. One thread.
 */
final class RdbFrame extends InputStream {
    private static final int MARK_BYTES = 40;
    private static final String MARK = "EOF:";

    private final RedisLink link;
    private final byte[] mark;
    /** With a mark: the last bytes, which may be the mark; else nothing. */
    private final byte[] held = new byte[MARK_BYTES];

    private int heldBytes;
    private long left;
    private boolean ended;

    private RdbFrame(RedisLink link, byte[] mark, long left) {
        this.link = link;
        this.mark = mark;
        this.left = left;
    }

    /** Waits for the header, which may take as long as the server waits for other replicas. */
    static RdbFrame open(RedisLink link) {
        try {
            String line = link.line();
            while (line.isEmpty()) {
                line = link.line();
            }
            return of(link, line);
        } catch (IOException gone) {
            throw link.lost(gone);
        }
    }

    private static RdbFrame of(RedisLink link, String line) {
        if (line.startsWith("-")) {
            throw Refusal.of(link.address(), "PSYNC", new Reply.Failure(line.substring(1)));
        }
        if (line.startsWith("$" + MARK) && line.length() == 1 + MARK.length() + MARK_BYTES) {
            return new RdbFrame(
                    link, line.substring(1 + MARK.length()).getBytes(StandardCharsets.ISO_8859_1), Long.MAX_VALUE);
        }
        if (line.matches("\\$\\d{1,18}")) {
            return new RdbFrame(link, new byte[0], Long.parseLong(line.substring(1)));
        }
        throw new SourceFault.Damaged(
                "Redis " + link.address() + " announced its copy in a way that this version does not know");
    }

    /** Whether the server sends what a child process tells it, and has written no file. */
    boolean diskless() {
        return mark.length > 0;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        try {
            return diskless() ? readToMark(target, offset, length) : readCounted(target, offset, length);
        } catch (IOException gone) {
            throw link.lost(gone);
        }
    }

    private int readCounted(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = link.raw().read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw brokenOff();
        }
        left -= count;
        return count;
    }

    private int readToMark(byte[] target, int offset, int length) throws IOException {
        while (!ended) {
            byte[] fresh = new byte[length];
            int count = link.raw().read(fresh, 0, length);
            if (count < 0) {
                throw brokenOff();
            }
            int out = pass(fresh, count, target, offset);
            ended = heldBytes == MARK_BYTES && Arrays.equals(held, mark);
            if (out > 0) {
                return out;
            }
        }
        return -1;
    }

    /** Gives on what is no longer among the last 40 bytes; never more than has come now. */
    private int pass(byte[] fresh, int count, byte[] target, int offset) {
        byte[] all = Arrays.copyOf(held, heldBytes + count);
        System.arraycopy(fresh, 0, all, heldBytes, count);
        int out = Math.max(0, all.length - MARK_BYTES);
        System.arraycopy(all, 0, target, offset, out);
        heldBytes = all.length - out;
        System.arraycopy(all, out, held, 0, heldBytes);
        return out;
    }

    private SourceFault brokenOff() {
        return new SourceFault.Unreachable("Redis " + link.address()
                + " ended the connection before its copy was complete; its log says why"
                + " (client-output-buffer-limit replica, repl-timeout, a child that was killed for memory)");
    }
}
