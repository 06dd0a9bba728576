package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An RDB on its way through: checks its own checksum and counts what is in it in the same pass. Its end is only reached
 * when the last byte but eight is the mark of the end and the checksum is right; otherwise {@link SourceFault.Damaged}.
 * One thread.
 */
final class RdbStream extends InputStream {
    private static final int TRAILER_BYTES = Long.BYTES;
    private static final int TAIL_BYTES = TRAILER_BYTES + 1;
    private static final int END = 0xff;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final InputStream in;
    private final String what;
    private final Crc64 crc = new Crc64();
    private final RdbWalk walk = new RdbWalk();
    private byte[] tail = new byte[0];
    private long size;
    private boolean checksummed;
    private boolean finished;

    /** @param what names the copy in messages */
    RdbStream(InputStream in, String what) {
        this.in = in;
        this.what = what;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count < 0) {
            finish();
            return -1;
        }
        size += count;
        walk.feed(target, offset, count);
        sum(target, offset, count);
        return count;
    }

    /** The checksum covers all but the last eight bytes, which are known only at the end. */
    private void sum(byte[] bytes, int offset, int count) {
        byte[] all = new byte[tail.length + Math.min(count, TAIL_BYTES)];
        if (count <= TAIL_BYTES) {
            System.arraycopy(tail, 0, all, 0, tail.length);
            System.arraycopy(bytes, offset, all, tail.length, count);
            int out = Math.max(0, all.length - TAIL_BYTES);
            crc.update(all, 0, out);
            tail = Arrays.copyOfRange(all, out, all.length);
        } else {
            crc.update(tail, 0, tail.length);
            crc.update(bytes, offset, count - TAIL_BYTES);
            tail = Arrays.copyOfRange(bytes, offset + count - TAIL_BYTES, offset + count);
        }
    }

    private void finish() {
        if (finished) {
            return;
        }
        if (tail.length < TAIL_BYTES || (tail[0] & 0xff) != END) {
            throw new SourceFault.Damaged(what + " is not a whole RDB: it ends after " + size
                    + " bytes without the mark of its end; run the backup again");
        }
        finished = true;
        crc.update(tail, 0, 1);
        long written = (long) LONG.get(tail, 1);
        checksummed = written != 0;
        if (checksummed && written != crc.value()) {
            throw new SourceFault.Damaged(what + " is damaged: its checksum is " + Long.toHexString(written)
                    + " and its " + size + " bytes give " + Long.toHexString(crc.value())
                    + "; run the backup again, and look at the memory and the network of the server if it happens"
                    + " again");
        }
        if (!checksummed && !walk.ended()) {
            throw new SourceFault.Damaged(what + " has no checksum (rdbchecksum no) and could not be walked over ("
                    + walk.unknown().orElse("it has no end")
                    + "); set rdbchecksum yes in the configuration of the server and restart it");
        }
    }

    long size() {
        return size;
    }

    /** Whether the server computed a checksum; without one, the structure was all that could be checked. */
    boolean checksummed() {
        return checksummed;
    }

    RdbWalk walk() {
        return walk;
    }
}
