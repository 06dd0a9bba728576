package io.cairn.simulation;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.DriveId;
import io.cairn.model.ETag;
import io.cairn.model.MetadataView;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.PartRow;
import io.cairn.model.Placement;
import io.cairn.model.Precondition;
import io.cairn.model.Redundancy;
import io.cairn.model.StoredChecksum;
import io.cairn.model.UploadId;
import io.cairn.model.UploadRow;
import io.cairn.model.UserRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * A random but plausible life of a store, command by command: most commands name things that are there, some repeat an
 * earlier one, some are refused. Looks at the model to choose. For one thread.
 */
public final class RandomCommands {
    private static final String[] PIECES = {
        "a",
        "b",
        "/",
        "//",
        "a/",
        "é",
        "\uD83D\uDE00",
        "\u0000",
        "\uFFFD",
        "\u07FF",
        " ",
        "..",
        "--",
        "\u0001",
        "\u007f"
    };
    private static final int UPLOADS = 4;
    private static final int MANY_PARTS = 300;

    private final SplittableRandom random;
    private final MetadataView model;
    private final List<String> keys;
    private Command last = new Command.RaiseEpoch(0);
    private long epoch = 1;
    private long blobs;

    public RandomCommands(SplittableRandom random, MetadataView model) {
        this.random = random;
        this.model = model;
        this.keys = IntStream.range(0, 40).mapToObj(_ -> text(1)).toList();
    }

    /** Remembers what the model answered to the last command. */
    public void note(Outcome outcome) {
        if (outcome instanceof Outcome.Leased(long leased)) {
            epoch = leased;
        }
    }

    public Command next() {
        if (random.nextInt(20) != 0) {
            last = fresh();
        }
        return last;
    }

    /** A key, prefix, marker or delimiter out of few letters, at least so many of them. */
    public String text(int least) {
        StringBuilder text = new StringBuilder();
        for (int i = least + random.nextInt(5); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    public String key() {
        return keys.get(random.nextInt(keys.size()));
    }

    public BucketName bucketName() {
        return new BucketName("bucket-" + random.nextInt(3));
    }

    private Command fresh() {
        BucketName bucket = bucketName();
        return switch (random.nextInt(40)) {
            case 0, 1 -> new Command.CreateBucket(bucket, "owner", "us-east-1", instant());
            case 2 -> new Command.DeleteBucket(bucket);
            case 3 -> new Command.AcquireLease("gateway-" + random.nextInt(2), instant());
            case 4 -> new Command.Reclaimed(some(model.reclaims(0, 20)));
            case 5 -> new Command.Repaired(some(model.repairs(0, 20)));
            case 6 -> new Command.NeedRepair(List.of(blob(), blob()));
            case 7 -> new Command.PutUser(new UserRow("AK" + random.nextInt(5), "s", key(), true, instant()));
            case 8 -> new Command.PutPlacement(placement());
            case 9 -> new Command.RaiseEpoch(random.nextInt(50));
            case 10, 11, 12, 13, 14, 15 -> new Command.DeleteObject(bucket, objectKey(), precondition(bucket));
            case 16, 17 -> new Command.CreateUpload(bucket, upload(bucket));
            case 18, 19, 20, 21, 22 -> putPart(bucket);
            case 23, 24 -> complete(bucket);
            case 25 -> abort(bucket);
            default -> putObject(bucket);
        };
    }

    private Command putObject(BucketName bucket) {
        long id = model.bucket(bucket).map(BucketRow::id).orElse(1L);
        long seenId = random.nextInt(30) == 0 ? id + 1 : id;
        ObjectRow row = random.nextInt(15) == 0 ? object(objectKey(), parts()) : onePiece(objectKey());
        return new Command.PutObject(bucket, seenId, someEpoch(), row, precondition(bucket), degraded());
    }

    private Command putPart(BucketName bucket) {
        UploadId upload = uploadId(bucket);
        PartRow part = new PartRow(random.nextInt(1, 6), random.nextInt(1000), etag(), instant(), checksum(), blob());
        return new Command.PutPart(bucket, uploadKey(upload), upload, someEpoch(), part, degraded());
    }

    private Command complete(BucketName bucket) {
        UploadId upload = uploadId(bucket);
        List<ObjectPart> parts = model.parts(upload, 0, 100).stream()
                .filter(_ -> random.nextInt(8) != 0)
                .map(part -> new ObjectPart(part.number(), part.size(), part.blob(), part.checksum()))
                .toList();
        ObjectRow row = object(uploadKey(upload), parts);
        return new Command.CompleteUpload(bucket, upload, someEpoch(), row, precondition(bucket), degraded());
    }

    private ObjectRow onePiece(ObjectKey key) {
        BlobRef blob = blob();
        Optional<StoredChecksum> checksum = checksum();
        List<ObjectPart> parts = List.of(new ObjectPart(0, blob.length(), blob, checksum));
        return new ObjectRow(key, blob.length(), etag(), instant(), headers(), checksum, parts, blob);
    }

    private ObjectRow object(ObjectKey key, List<ObjectPart> parts) {
        long size = parts.stream().mapToLong(ObjectPart::size).sum();
        return new ObjectRow(key, size, etag(), instant(), headers(), checksum(), parts, blob());
    }

    private List<ObjectPart> parts() {
        int count = random.nextBoolean() ? random.nextInt(1, 5) : random.nextInt(15, MANY_PARTS);
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new ObjectPart(number, 10, blob(), Optional.empty()))
                .toList();
    }

    private BlobRef blob() {
        BlobId id = BlobId.of(epoch, blobs++);
        return new BlobRef(id, random.nextInt(100_000), 1 << 20, new Redundancy.Copies(3), random.nextInt(64));
    }

    private List<BlobRef> degraded() {
        return random.nextInt(10) == 0 ? List.of(blob()) : List.of();
    }

    private long someEpoch() {
        return random.nextInt(25) == 0 ? Math.max(1, epoch - 1) : epoch;
    }

    private Precondition precondition(BucketName bucket) {
        return switch (random.nextInt(10)) {
            case 0 -> new Precondition.Absent();
            case 1 -> new Precondition.Exists();
            case 2 -> new Precondition.Matches(currentTag(bucket));
            default -> new Precondition.None();
        };
    }

    private ETag currentTag(BucketName bucket) {
        return model.bucket(bucket)
                .flatMap(row -> model.object(row, objectKey()))
                .map(ObjectRow::etag)
                .orElseGet(this::etag);
    }

    private ObjectKey objectKey() {
        return new ObjectKey(key());
    }

    /** Of a few; never the same in two buckets, as gateways choose them at random. */
    private UploadId uploadId(BucketName bucket) {
        return new UploadId(bucket + "." + random.nextInt(UPLOADS));
    }

    /** An upload's key is the same every time, so that later commands find it. */
    private ObjectKey uploadKey(UploadId id) {
        return new ObjectKey(keys.get(Math.floorMod(id.hashCode(), keys.size())));
    }

    private Command abort(BucketName bucket) {
        UploadId upload = uploadId(bucket);
        return new Command.AbortUpload(bucket, uploadKey(upload), upload);
    }

    private UploadRow upload(BucketName bucket) {
        UploadId id = uploadId(bucket);
        return new UploadRow(id, uploadKey(id), instant(), "owner", headers(), Optional.empty(), Optional.empty());
    }

    private Placement placement() {
        long version = model.placement().map(Placement::version).orElse(0L);
        DriveId drive = new DriveId(new UUID(random.nextLong(), random.nextLong()));
        return new Placement(
                version + random.nextInt(1, 3),
                new Redundancy.Copies(3),
                new Redundancy.Erasure(4, 2),
                List.of(new Placement.Drive(drive, "/drive", 1 << 30, Placement.State.IN)),
                List.of(List.of(drive)));
    }

    private List<Long> some(List<MetadataView.Queued> queued) {
        return queued.stream()
                .filter(_ -> random.nextInt(3) != 0)
                .map(MetadataView.Queued::sequence)
                .toList();
    }

    private Map<String, String> headers() {
        return random.nextInt(3) == 0 ? Map.of("content-type", key()) : Map.of();
    }

    private Optional<StoredChecksum> checksum() {
        if (random.nextInt(3) != 0) {
            return Optional.empty();
        }
        byte[] digest = new byte[ChecksumAlgorithm.CRC64NVME.digestLength()];
        random.nextBytes(digest);
        return Optional.of(new StoredChecksum(ChecksumAlgorithm.CRC64NVME, StoredChecksum.Kind.FULL_OBJECT, digest));
    }

    private ETag etag() {
        return new ETag("%016x%016x".formatted(random.nextLong(), random.nextLong()));
    }

    private Instant instant() {
        return Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(1_000_000));
    }
}
