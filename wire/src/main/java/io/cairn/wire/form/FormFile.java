package io.cairn.wire.form;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ByteSource;
import java.io.IOException;

/** The file in a form, up to a sound delimiter, of a length within a range. Belongs to one thread at a time. */
final class FormFile implements ByteSource {
    private final MultipartReader parts;
    private final long bytesMin;
    private final long bytesMax;
    private long size;
    private boolean ended;

    FormFile(MultipartReader parts, long bytesMin, long bytesMax) {
        this.parts = parts;
        this.bytesMin = bytesMin;
        this.bytesMax = bytesMax;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (ended) {
            return -1;
        }
        int n = parts.read(target, offset, length);
        size += Math.max(n, 0);
        if (size > bytesMax) {
            throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
                    .with("ProposedSize", size)
                    .with("MaxSizeAllowed", bytesMax);
        }
        if (n < 0 && size < bytesMin) {
            throw new S3Exception(S3Error.ENTITY_TOO_SMALL)
                    .with("ProposedSize", size)
                    .with("MinSizeAllowed", bytesMin);
        }
        if (n < 0) {
            parts.next();
            ended = true;
        }
        return n;
    }
}
