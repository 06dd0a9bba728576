package io.cairn.wire.sigv4;

/** What the signatures of a body's chunks continue from: the request's own signature and its key. Immutable. */
public final class SigningContext {
    private final SigningKey key;
    private final String timestamp;
    private final String scope;
    private final String seedSignature;

    SigningContext(SigningKey key, String timestamp, String scope, String seedSignature) {
        this.key = key;
        this.timestamp = timestamp;
        this.scope = scope;
        this.seedSignature = seedSignature;
    }

    /** The chain of chunk signatures of one body, from its first chunk. */
    public ChunkSignatures chunks() {
        return new ChunkSignatures(key, timestamp, scope, seedSignature);
    }
}
