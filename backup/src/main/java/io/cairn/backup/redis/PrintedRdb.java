package io.cairn.backup.redis;

import io.cairn.containers.ExecStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * What {@code redis-cli --rdb -} prints: the RDB, and behind it the 40 bytes by which the server marked its end, when
 * it says on its standard error that it waits for such a mark. Source: {@code redis-cli.c}, {@code getRDB}, of Redis 6
 * and 7. One thread.
 */
final class PrintedRdb extends InputStream {
    private static final int MARK_BYTES = 40;

    private final ExecStream program;
    private final InputStream in;
    private byte[] held = new byte[0];
    private boolean ended;

    PrintedRdb(ExecStream program) {
        this.program = program;
        this.in = program.out();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (!ended) {
            byte[] fresh = new byte[length];
            int count = in.read(fresh, 0, length);
            ended = count < 0;
            byte[] all = Arrays.copyOf(held, held.length + Math.max(0, count));
            System.arraycopy(fresh, 0, all, held.length, Math.max(0, count));
            int out = Math.min(length, Math.max(0, all.length - MARK_BYTES));
            System.arraycopy(all, 0, target, offset, out);
            held = Arrays.copyOfRange(all, out, all.length);
            if (out > 0) {
                return out;
            }
        }
        return rest(target, offset, length);
    }

    /** The last bytes, unless they are the mark. */
    private int rest(byte[] target, int offset, int length) {
        if (held.length == 0 || program.errors().contains("EOF marker")) {
            return -1;
        }
        int out = Math.min(length, held.length);
        System.arraycopy(held, 0, target, offset, out);
        held = Arrays.copyOfRange(held, out, held.length);
        return out;
    }
}
