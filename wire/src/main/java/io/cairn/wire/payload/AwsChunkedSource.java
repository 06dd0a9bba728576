package io.cairn.wire.payload;

import io.cairn.base.Hashes;
import io.cairn.wire.Percent;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.ChunkSignatures;
import io.cairn.wire.sigv4.PayloadMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of an {@code aws-chunked} body. Each chunk is {@code size-hex[;chunk-signature=…]\r\n bytes \r\n}; a
 * chunk of size 0 ends them, trailing headers may follow. A chunk's signature is checked when its last byte is read, so
 * earlier bytes of the chunk are handed out unproven: nothing counts before {@link #read} returned -1. Belongs to one
 * thread at a time.
 */
final class AwsChunkedSource implements ByteSource {
    private static final String SIGNATURE = "chunk-signature=";
    private static final int SIZE_DIGITS_MAX = 15;

    private enum State {
        CHUNK_HEADER,
        CHUNK_DATA,
        ENDED
    }

    private final LineReader in;
    private final PayloadMode.Chunked mode;
    private final @Nullable ChunkSignatures signatures;
    private final MessageDigest chunkHash;
    private final Trailers trailers;
    private State state = State.CHUNK_HEADER;
    private long contentLeft;
    private long chunkLeft;
    private String chunkSignature = "";

    /** The context of the request's signature must be given when the mode is a signed one. */
    AwsChunkedSource(
            ByteSource raw,
            PayloadMode.Chunked mode,
            Optional<ChunkSignatures> signatures,
            long contentLength,
            Optional<DeclaredChecksum> trailer) {
        if (mode.signed() && signatures.isEmpty()) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "Signed chunks need a signed request.");
        }
        this.in = new LineReader(raw);
        this.mode = mode;
        this.signatures = mode.signed() ? signatures.orElse(null) : null;
        this.contentLeft = contentLength;
        this.chunkHash = Hashes.sha256();
        this.trailers = new Trailers(trailer);
    }

    /** The checksum in the trailing headers; known once the end was read. */
    Optional<String> trailingChecksum() {
        return trailers.checksum();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (state == State.CHUNK_HEADER) {
            readChunkHeader();
        }
        return state == State.ENDED ? -1 : readData(target, offset, length);
    }

    private int readData(byte[] target, int offset, int length) throws IOException {
        int n = in.read(target, offset, (int) Math.min(length, chunkLeft));
        if (n < 0) {
            throw incomplete();
        }
        if (signatures != null) {
            chunkHash.update(target, offset, n);
        }
        chunkLeft -= n;
        contentLeft -= n;
        if (chunkLeft == 0) {
            if (!in.line().orElseThrow(AwsChunkedSource::incomplete).isEmpty()) {
                throw new S3Exception(S3Error.INVALID_CHUNK_SIZE);
            }
            verifyChunk();
            state = State.CHUNK_HEADER;
        }
        return n;
    }

    private void readChunkHeader() throws IOException {
        String line = in.line().orElseThrow(AwsChunkedSource::incomplete);
        int semicolon = line.indexOf(';');
        chunkLeft = size(semicolon < 0 ? line : line.substring(0, semicolon));
        chunkSignature = semicolon < 0 ? "" : signature(line.substring(semicolon + 1));
        if (chunkLeft > contentLeft) {
            throw new S3Exception(
                    S3Error.INCOMPLETE_BODY, "The body holds more bytes than x-amz-decoded-content-length says.");
        }
        state = State.CHUNK_DATA;
        if (chunkLeft == 0) {
            readEnd();
        }
    }

    private void readEnd() throws IOException {
        verifyChunk();
        if (contentLeft != 0) {
            throw incomplete();
        }
        if (mode.trailer()) {
            trailers.read(in, Optional.ofNullable(signatures));
        } else {
            Trailers.requireNone(in);
        }
        state = State.ENDED;
    }

    private void verifyChunk() {
        if (signatures != null && !sameText(signatures.next(chunkHash.digest()), chunkSignature)) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    static boolean sameText(String expected, String actual) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.ISO_8859_1), actual.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static long size(String text) {
        String hex = text.strip();
        if (hex.isEmpty() || hex.length() > SIZE_DIGITS_MAX) {
            throw new S3Exception(S3Error.INVALID_CHUNK_SIZE);
        }
        long size = 0;
        for (int i = 0; i < hex.length(); i++) {
            int digit = Percent.hexDigit(hex.charAt(i));
            if (digit < 0) {
                throw new S3Exception(S3Error.INVALID_CHUNK_SIZE);
            }
            size = size << 4 | digit;
        }
        return size;
    }

    private static String signature(String extensions) {
        for (String extension : extensions.split(";")) {
            if (extension.strip().startsWith(SIGNATURE)) {
                return extension.strip().substring(SIGNATURE.length());
            }
        }
        return "";
    }

    private static S3Exception incomplete() {
        return new S3Exception(
                S3Error.INCOMPLETE_BODY,
                "The body does not hold the number of bytes that x-amz-decoded-content-length says.");
    }
}
