package io.cairn.client;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The bytes of one object, asked for again from where a connection broke, and checked at their end. One thread. */
final class ResumingStream extends InputStream {
    private static final int BREAKS_MAX = 8;

    /** Asks for the rest, from an offset. */
    @FunctionalInterface
    interface Rest {
        InputStream from(long offset);
    }

    private final String what;
    private final long size;
    private final Rest rest;
    private final Optional<Checksum> crc;
    private final String crcExpected;
    private final Optional<MessageDigest> md5;
    private final String md5Expected;
    private InputStream in;
    private long position;
    private int breaks;
    private boolean checked;

    /** @param crc32c in base64, or empty; @param md5 in hexadecimal, used when there is no other, or empty */
    ResumingStream(String what, long size, InputStream first, Rest rest, String crc32c, String md5) {
        this.what = what;
        this.size = size;
        this.in = first;
        this.rest = rest;
        this.crcExpected = crc32c;
        this.md5Expected = md5;
        this.crc = crc32c.isEmpty() ? Optional.empty() : Optional.of(Checksum.of(ChecksumAlgorithm.CRC32C));
        this.md5 = !crc32c.isEmpty() || md5.isEmpty() ? Optional.empty() : Optional.of(Hashes.md5());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            if (position == size) {
                check();
                return -1;
            }
            int count = attempt(target, offset, (int) Math.min(length, size - position));
            if (count > 0) {
                crc.ifPresent(sum -> sum.update(target, offset, count));
                md5.ifPresent(sum -> sum.update(target, offset, count));
                position += count;
                return count;
            }
            if (++breaks > BREAKS_MAX) {
                throw new S3Fault.Unreachable(
                        what + " broke off at byte " + position + " of " + size + ", the ninth time. Try again later");
            }
            in.close();
            in = rest.from(position);
        }
    }

    /** The bytes that came; 0 or less when the connection is no good any more. */
    private int attempt(byte[] target, int offset, int length) {
        try {
            return in.read(target, offset, length);
        } catch (IOException broken) {
            return 0;
        }
    }

    private void check() {
        if (checked) {
            return;
        }
        checked = true;
        String crcFound =
                crc.map(sum -> Base64.getEncoder().encodeToString(sum.digest())).orElse(crcExpected);
        String md5Found = md5.map(sum -> HexFormat.of().formatHex(sum.digest())).orElse(md5Expected);
        if (!crcFound.equals(crcExpected) || !md5Found.equals(md5Expected)) {
            throw new S3Fault.Damaged(what + " came with bytes that are not those of its checksum. Read it again; if it"
                    + " goes on, the object is damaged in its store");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
