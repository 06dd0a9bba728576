package io.cairn.wire.payload;

import io.cairn.base.Hashes;
import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.ChunkSignatures;
import io.cairn.wire.sigv4.PayloadMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Frames content as {@code aws-chunked}, as a client does. Belongs to one thread at a time. */
public final class AwsChunkedWriter {
    private final OutputStream out;
    private final PayloadMode.Chunked mode;
    private final Optional<ChunkSignatures> signatures;
    private final MessageDigest hash = Hashes.sha256();

    /** The chain of signatures continues that of the request's head; empty when the mode has unsigned chunks. */
    public AwsChunkedWriter(OutputStream out, PayloadMode.Chunked mode, Optional<ChunkSignatures> signatures) {
        if (mode.signed() != signatures.isPresent()) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "signed chunks, and only they, need signatures");
        }
        this.out = out;
        this.mode = mode;
        this.signatures = signatures;
    }

    /** Writes one chunk; of no bytes nothing is written, since that would end the body. */
    public void write(byte[] content, int offset, int length) throws IOException {
        if (length > 0) {
            writeHeader(content, offset, length);
            out.write(content, offset, length);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Writes the last chunk and the trailing headers; the mode must have them if any are given. */
    public void finish(List<Header> trailers) throws IOException {
        writeHeader(new byte[0], 0, 0);
        if (mode.trailer()) {
            for (Header trailer : trailers) {
                String line = trailer.name().toLowerCase(Locale.ROOT) + ":" + trailer.value();
                out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                hash.update((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            if (signatures.isPresent()) {
                String line = "x-amz-trailer-signature:" + signatures.get().trailer(hash.digest()) + "\r\n";
                out.write(line.getBytes(StandardCharsets.US_ASCII));
            }
        }
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private void writeHeader(byte[] content, int offset, int length) throws IOException {
        StringBuilder header = new StringBuilder(Integer.toHexString(length));
        if (signatures.isPresent()) {
            hash.update(content, offset, length);
            header.append(";chunk-signature=").append(signatures.get().next(hash.digest()));
        }
        out.write(header.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }
}
