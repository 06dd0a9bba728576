package io.cairn.wire.sigv4;

/**
 * The chain of signatures of one {@code aws-chunked} body: each chunk's signature covers the one before, the first the
 * request's. Belongs to one thread at a time.
 */
public final class ChunkSignatures {
    private static final String CHUNK = "AWS4-HMAC-SHA256-PAYLOAD\n";
    private static final String TRAILER = "AWS4-HMAC-SHA256-TRAILER\n";

    private final SigningKey key;
    private final String timestampAndScope;
    private final SigningText text = new SigningText();
    private String previous;

    ChunkSignatures(SigningKey key, String timestamp, String scope, String seedSignature) {
        this.key = key;
        this.timestampAndScope = timestamp + "\n" + scope + "\n";
        this.previous = seedSignature;
    }

    /** The signature of the next chunk, which has that SHA-256; 64 lower-case hexadecimal digits. */
    public String next(byte[] sha256) {
        text.clear();
        text.append(CHUNK).append(timestampAndScope).append(previous).append('\n');
        text.append(Sha256.OF_NOTHING).append('\n').append(Sha256.hex(sha256));
        previous = key.sign(text);
        return previous;
    }

    /** The signature of the trailing headers, whose {@code name:value\n} lines have that SHA-256. */
    public String trailer(byte[] sha256) {
        text.clear();
        text.append(TRAILER).append(timestampAndScope).append(previous).append('\n');
        text.append(Sha256.hex(sha256));
        previous = key.sign(text);
        return previous;
    }
}
