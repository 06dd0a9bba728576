package io.cairn.backup.dump;

import io.cairn.backup.SourceFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What a program prints, whose end counts only when the program ended with status 0 and whoever reads along agreed.
 * Otherwise the end is a fault, and there is no snapshot. One thread.
 */
final class DumpStream extends InputStream {
    private final DumpUrl url;
    private final String name;
    private final Program program;
    private final Optional<ReadBack> readBack;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private long size;
    private boolean ended;

    DumpStream(DumpUrl url, String name, Program program, Optional<ReadBack> readBack) {
        this.url = url;
        this.name = name;
        this.program = program;
        this.readBack = readBack;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (ended) {
            return -1;
        }
        int count = next(target, offset, length);
        if (count < 0) {
            ended = true;
            finish();
            return -1;
        }
        size += count;
        head.write(target, offset, Math.min(count, DumpHeader.BYTES_MAX - head.size()));
        readBack.ifPresent(reader -> reader.write(target, offset, count));
        return count;
    }

    private int next(byte[] target, int offset, int length) {
        try {
            return program.out().read(target, offset, length);
        } catch (IOException broken) {
            throw new SourceFault.Unreachable(
                    "the output of " + name + " broke off (" + broken.getMessage() + "); run the backup again", broken);
        }
    }

    private void finish() {
        int status = program.status();
        if (status != 0) {
            throw Complaint.of(url, name, status, program.errors());
        }
        readBack.ifPresent(ReadBack::finish);
    }

    byte[] head() {
        return head.toByteArray();
    }

    long size() {
        return size;
    }
}
