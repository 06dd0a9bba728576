package io.cairn.wire.payload;

import io.cairn.base.Checks;
import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Hashes;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigningContext;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content of a request's body, checked while it is read: its length, chunk signatures, SHA-256, Content-MD5 and
 * checksum. Bytes are handed out before they are proven. <b>Only when {@link #read} has returned -1 is the whole
 * content right; a caller commits nothing before that, and gives up everything it has on an exception.</b> Belongs to
 * one thread at a time.
 */
public final class VerifiedPayload implements ByteSource {
    private final PayloadSpec spec;
    private final ByteSource content;
    private final @Nullable AwsChunkedSource chunked;
    private final @Nullable MessageDigest md5;
    private final Map<ChecksumAlgorithm, Checksum> running = new EnumMap<>(ChecksumAlgorithm.class);
    private long received;
    private @Nullable Digests digests;
    private boolean broken;

    /**
     * What to compute beside that which must be verified anyway.
     *
     * @param md5 whether an MD5 is wanted (for an ETag)
     */
    public record Wanted(boolean md5, Set<ChecksumAlgorithm> checksums) {
        public Wanted {
            checksums = Set.copyOf(checksums);
        }

        /** Nothing but what must be verified. */
        public static Wanted nothing() {
            return new Wanted(false, Set.of());
        }
    }

    /**
     * What was computed over the content; raw digests, also those that only had to be verified.
     *
     * @param md5 empty when it was neither wanted nor announced
     */
    public record Digests(Optional<byte[]> md5, Map<ChecksumAlgorithm, byte[]> checksums) {
        public Digests {
            checksums = Map.copyOf(checksums);
        }
    }

    private VerifiedPayload(PayloadSpec spec, ByteSource content, @Nullable AwsChunkedSource chunked, Wanted wanted) {
        this.spec = spec;
        this.content = content;
        this.chunked = chunked;
        this.md5 = wanted.md5() || spec.contentMd5().isPresent() ? Hashes.md5() : null;
        wanted.checksums().forEach(this::run);
        spec.checksum().ifPresent(checksum -> run(checksum.algorithm()));
        if (spec.mode() instanceof PayloadMode.Hashed) {
            run(ChecksumAlgorithm.SHA256);
        }
    }

    /**
     * Opens a body for reading.
     *
     * @param context the request's signature; empty for anonymous requests, which cannot have signed chunks
     * @param raw the body as it came, up to its end
     */
    public static VerifiedPayload open(
            PayloadSpec spec, Optional<SigningContext> context, ByteSource raw, Wanted wanted) {
        if (spec.mode() instanceof PayloadMode.Chunked mode) {
            AwsChunkedSource chunked = new AwsChunkedSource(
                    raw, mode, context.map(SigningContext::chunks), spec.length(), spec.checksum());
            return new VerifiedPayload(spec, chunked, chunked, wanted);
        }
        return new VerifiedPayload(spec, raw, null, wanted);
    }

    /** Reads content; -1 only after everything promised in the head has proven right. */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (digests != null) {
            return -1;
        }
        Checks.check(!broken, "a payload that failed is not read again");
        broken = true;
        int n = content.read(target, offset, length);
        if (n < 0) {
            digests = verify();
        } else {
            digest(target, offset, n);
        }
        broken = false;
        return n;
    }

    private void digest(byte[] target, int offset, int n) {
        received += n;
        if (received > spec.length() && spec.length() != PayloadSpec.UNKNOWN_LENGTH) {
            throw new S3Exception(S3Error.INCOMPLETE_BODY);
        }
        if (md5 != null) {
            md5.update(target, offset, n);
        }
        for (Checksum checksum : running.values()) {
            checksum.update(target, offset, n);
        }
    }

    /** The digests of the whole content. Only after {@link #read} has returned -1. */
    public Digests digests() {
        Digests done = digests;
        if (done == null) {
            throw new IllegalStateException("broken assumption: the payload has been read to its end");
        }
        return done;
    }

    private Digests verify() {
        if (received != spec.length() && spec.length() != PayloadSpec.UNKNOWN_LENGTH) {
            throw new S3Exception(S3Error.INCOMPLETE_BODY);
        }
        Map<ChecksumAlgorithm, byte[]> computed = new EnumMap<>(ChecksumAlgorithm.class);
        running.forEach((algorithm, checksum) -> computed.put(algorithm, checksum.digest()));
        if (spec.mode() instanceof PayloadMode.Hashed(String expected)) {
            verifyHash(expected, digestOf(computed, ChecksumAlgorithm.SHA256));
        }
        Optional<byte[]> md5Digest = Optional.ofNullable(md5).map(MessageDigest::digest);
        if (spec.contentMd5().isPresent()
                && !spec.contentMd5().equals(md5Digest.map(Base64.getEncoder()::encodeToString))) {
            throw new S3Exception(S3Error.BAD_DIGEST)
                    .with("ExpectedDigest", spec.contentMd5().get())
                    .with(
                            "CalculatedDigest",
                            md5Digest.map(Base64.getEncoder()::encodeToString).orElse(""));
        }
        spec.checksum().ifPresent(declared -> verifyChecksum(declared, digestOf(computed, declared.algorithm())));
        return new Digests(md5Digest, computed);
    }

    private static void verifyHash(String expected, byte[] digest) {
        String actual = HexFormat.of().formatHex(digest);
        if (!actual.equals(expected)) {
            throw new S3Exception(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH)
                    .with("ClientComputedContentSHA256", expected)
                    .with("S3ComputedContentSHA256", actual);
        }
    }

    private void verifyChecksum(DeclaredChecksum declared, byte[] digest) {
        Optional<String> expected = declared.base64();
        if (expected.isEmpty() && chunked != null) {
            expected = chunked.trailingChecksum();
        }
        if (!expected.equals(Optional.of(Base64.getEncoder().encodeToString(digest)))) {
            throw new S3Exception(
                    S3Error.BAD_DIGEST,
                    "The " + declared.algorithm().s3Name() + " you specified did not match the calculated checksum.");
        }
    }

    private static byte[] digestOf(Map<ChecksumAlgorithm, byte[]> computed, ChecksumAlgorithm algorithm) {
        byte[] digest = computed.get(algorithm);
        return digest == null ? new byte[0] : digest;
    }

    private void run(ChecksumAlgorithm algorithm) {
        running.computeIfAbsent(algorithm, Checksum::of);
    }
}
