package io.cairn.benchmarks;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.Command;
import io.cairn.model.CommandCodec;
import io.cairn.model.ETag;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.Precondition;
import io.cairn.model.Redundancy;
import io.cairn.wire.Header;
import io.cairn.wire.sigv4.Authentication;
import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigV4Signer;
import io.cairn.wire.sigv4.SigV4Verifier;
import io.cairn.wire.sigv4.SignedRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * JMH figures of the parts that every request passes: verifying its signature, encoding and decoding its command, and
 * the checksums over its bytes. Run by {@code scripts/bench-parts}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PartsBench {
    private static final int BLOCK_BYTES = 64 << 10;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SECRET = "a-secret-key-of-forty-characters-or-more";

    private final byte[] block = new byte[BLOCK_BYTES];
    private final SigV4Verifier verifier = new SigV4Verifier(accessKey -> Optional.of(SECRET));
    private final SignedRequest request = signed();
    private final Command command = put();
    private final byte[] encoded = CommandCodec.encode(command);
    private final Checksum crc32c = Checksum.of(ChecksumAlgorithm.CRC32C);
    private final Checksum crc64 = Checksum.of(ChecksumAlgorithm.CRC64NVME);

    private static SignedRequest signed() {
        SigV4Signer signer = new SigV4Signer("ACCESSKEY", SECRET, "us-east-1");
        List<Header> headers = List.of(
                new Header("Host", "127.0.0.1:9000"),
                new Header("Content-Length", "4096"),
                new Header("Content-Type", "application/octet-stream"));
        var signature = signer.sign("PUT", "/bucket/some/key", "", headers, new PayloadMode.Unsigned(), NOW);
        return new SignedRequest("PUT", "/bucket/some/key", "", signature.headers(), NOW);
    }

    private static Command put() {
        BlobRef blob = new BlobRef(BlobId.of(1, 1), 4096, 1 << 18, new Redundancy.Copies(1), 7);
        ObjectRow row = new ObjectRow(
                new ObjectKey("some/key"),
                4096,
                new ETag("d41d8cd98f00b204e9800998ecf8427e"),
                NOW,
                Map.of("content-type", "application/octet-stream"),
                Optional.empty(),
                List.of(new ObjectPart(0, 4096, blob, Optional.empty())),
                blob);
        return new Command.PutObject(new BucketName("bucket"), 1, 1, row, new Precondition.None(), List.of());
    }

    /** One header-signed request, from its lines to the verdict. */
    @Benchmark
    public Authentication verifySignature() {
        return verifier.authenticate(request);
    }

    @Benchmark
    public byte[] encodePut() {
        return CommandCodec.encode(command);
    }

    @Benchmark
    public Command decodePut() {
        return CommandCodec.decode(encoded);
    }

    /** 64 KiB. */
    @Benchmark
    public byte[] crc32c() {
        crc32c.update(block, 0, block.length);
        return crc32c.digest();
    }

    /** 64 KiB. */
    @Benchmark
    public byte[] crc64nvme() {
        crc64.update(block, 0, block.length);
        return crc64.digest();
    }
}
