package io.cairn.wire.payload;

import io.cairn.base.Hashes;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.ChunkSignatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;

/**
 * The headers behind the last chunk: the one announced checksum and, in signed bodies, {@code x-amz-trailer-signature}
 * over it. Clients differ in the blank lines between and behind them, so blank lines mean nothing and the end of the
 * body ends the trailer. Belongs to one thread at a time.
 */
final class Trailers {
    private static final String SIGNATURE = "x-amz-trailer-signature";
    private static final int LINES_MAX = 16;

    private final Optional<DeclaredChecksum> declared;
    private Optional<String> checksum = Optional.empty();
    private Optional<String> signature = Optional.empty();

    Trailers(Optional<DeclaredChecksum> declared) {
        this.declared = declared.filter(checksum -> checksum.base64().isEmpty());
    }

    /** Reads to the end of the body; with signatures given, the trailer must carry its own. */
    void read(LineReader in, Optional<ChunkSignatures> signatures) throws IOException {
        MessageDigest hash = Hashes.sha256();
        int lines = 0;
        for (Optional<String> line = in.line(); line.isPresent(); line = in.line()) {
            if (++lines > LINES_MAX) {
                throw malformed();
            }
            if (!line.get().isBlank()) {
                accept(line.get(), hash, signatures.isPresent());
            }
        }
        if (checksum.isPresent() != declared.isPresent()) {
            throw malformed();
        }
        signatures.ifPresent(chain -> verify(chain, hash));
    }

    Optional<String> checksum() {
        return checksum;
    }

    /** Reads to the end of a body that has no trailing headers. */
    static void requireNone(LineReader in) throws IOException {
        int lines = 0;
        for (Optional<String> line = in.line(); line.isPresent(); line = in.line()) {
            if (!line.get().isBlank() || ++lines > LINES_MAX) {
                throw malformed();
            }
        }
    }

    private void accept(String line, MessageDigest hash, boolean signed) {
        int colon = line.indexOf(':');
        if (colon < 1 || signature.isPresent()) {
            throw malformed();
        }
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (signed && name.equals(SIGNATURE)) {
            signature = Optional.of(value);
            return;
        }
        DeclaredChecksum expected = declared.orElseThrow(Trailers::malformed);
        if (!name.equals(expected.algorithm().header()) || checksum.isPresent()) {
            throw malformed();
        }
        hash.update((name + ":" + value + "\n").getBytes(StandardCharsets.ISO_8859_1));
        checksum = Optional.of(ChecksumHeaders.canonical(expected.algorithm(), value));
    }

    private void verify(ChunkSignatures chain, MessageDigest hash) {
        String actual = signature.orElseThrow(Trailers::malformed);
        if (!AwsChunkedSource.sameText(chain.trailer(hash.digest()), actual)) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_TRAILER);
    }
}
