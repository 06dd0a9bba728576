package io.cairn.model;

import io.cairn.base.ChecksumAlgorithm;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Random but valid nouns, commands and outcomes. For one thread. */
final class RandomNouns {
    private static final String[] PIECES = {
        "a", "/", "b/", "é", "\uD83D\uDE00", "\u0000", "\uFFFD", "%", " ", "..", "zz"
    };

    private final SplittableRandom random;

    RandomNouns(SplittableRandom random) {
        this.random = random;
    }

    ObjectKey key() {
        return new ObjectKey("k" + text());
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    BucketName bucket() {
        return new BucketName("bucket-" + random.nextInt(10));
    }

    Instant instant() {
        return random.nextBoolean()
                ? Instant.ofEpochMilli(random.nextLong(-1L << 40, 1L << 42))
                : Instant.ofEpochSecond(random.nextLong(1L << 32), random.nextInt(1_000_000_000));
    }

    ETag etag() {
        String md5 = "%016x%016x".formatted(random.nextLong(), random.nextLong());
        return new ETag(
                switch (random.nextInt(5)) {
                    case 0 -> md5 + "-" + random.nextInt(1, 10_001);
                    case 1 -> md5.toUpperCase(java.util.Locale.ROOT);
                    case 2 -> md5 + "-0" + random.nextInt(10);
                    default -> md5;
                });
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    StoredChecksum checksum() {
        ChecksumAlgorithm algorithm = one(ChecksumAlgorithm.values());
        return new StoredChecksum(algorithm, one(StoredChecksum.Kind.values()), bytes(algorithm.digestLength()));
    }

    Redundancy redundancy() {
        return random.nextBoolean()
                ? new Redundancy.Copies(random.nextInt(1, 17))
                : new Redundancy.Erasure(random.nextInt(2, 17), random.nextInt(1, 9));
    }

    BlobRef blob() {
        return new BlobRef(
                new BlobId(random.nextLong(1, Long.MAX_VALUE)),
                random.nextLong(1L << random.nextInt(43)),
                random.nextInt(1, 1 << 24),
                redundancy(),
                random.nextInt(1 << 16));
    }

    Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.put("x-amz-meta-" + text(), text());
        }
        return headers;
    }

    ScrubMark scrub() {
        long count = random.nextLong(1 << 20);
        return new ScrubMark(instant(), maybe(this::instant), "01" + count, count, count * 7, count % 3, count % 2);
    }

    ObjectRow object(int parts) {
        BlobRef seal = blob();
        Optional<StoredChecksum> checksum = maybe(this::checksum);
        long size = random.nextLong(1L << 42);
        List<ObjectPart> list = parts == 1 && random.nextBoolean()
                ? List.of(new ObjectPart(0, size, seal, checksum))
                : IntStream.rangeClosed(1, parts).mapToObj(this::objectPart).toList();
        return new ObjectRow(key(), size, etag(), instant(), headers(), checksum, list, seal);
    }

    /** A row as the index holds it. */
    ObjectRow indexed(int parts) {
        ObjectRow row = object(parts);
        return random.nextBoolean() ? row : row.of(new UploadId("u" + text()));
    }

    private ObjectPart objectPart(int number) {
        return new ObjectPart(number, random.nextLong(1L << 33), blob(), maybe(this::checksum));
    }

    PartRow part() {
        return new PartRow(
                random.nextInt(1, 10_001), random.nextLong(1L << 33), etag(), instant(), maybe(this::checksum), blob());
    }

    UploadId uploadId() {
        return new UploadId("u" + random.nextInt(1_000_000));
    }

    UploadRow upload() {
        return new UploadRow(
                uploadId(),
                key(),
                instant(),
                text(),
                headers(),
                maybe(() -> one(ChecksumAlgorithm.values())),
                maybe(() -> one(StoredChecksum.Kind.values())));
    }

    BucketRow bucketRow() {
        return new BucketRow(bucket(), random.nextLong(1, 1000), instant(), text(), text());
    }

    UserRow user() {
        return new UserRow("AK" + text(), text(), text(), random.nextBoolean(), instant());
    }

    Placement placement() {
        List<Placement.Drive> drives = several(
                () -> new Placement.Drive(drive(), text(), random.nextLong(1L << 50), one(Placement.State.values())));
        return new Placement(
                random.nextLong(1 << 20), redundancy(), redundancy(), drives, several(() -> several(this::drive)));
    }

    private DriveId drive() {
        return new DriveId(new UUID(random.nextLong(), random.nextLong()));
    }

    Precondition precondition() {
        return switch (random.nextInt(4)) {
            case 0 -> new Precondition.None();
            case 1 -> new Precondition.Absent();
            case 2 -> new Precondition.Exists();
            default -> new Precondition.Matches(etag());
        };
    }

    private List<BlobRef> blobs() {
        return several(this::blob);
    }

    private List<Long> sequences() {
        return several(() -> random.nextLong(1L << random.nextInt(63)));
    }

    Command command() {
        return switch (random.nextInt(16)) {
            case 13 -> new Command.RaiseEpoch(random.nextLong(1 << 20));
            case 14 -> new Command.NoteScrub(scrub());
            case 0 -> new Command.CreateBucket(bucket(), text(), text(), instant());
            case 1 -> new Command.DeleteBucket(bucket());
            case 2 -> new Command.AcquireLease(text(), instant());
            case 3 -> new Command.PutObject(bucket(), 7, random.nextLong(1 << 20), row(), precondition(), blobs());
            case 4 -> new Command.DeleteObject(bucket(), key(), precondition());
            case 5 -> new Command.CreateUpload(bucket(), upload());
            case 6 -> new Command.PutPart(bucket(), key(), uploadId(), 9, part(), blobs());
            case 7 -> new Command.CompleteUpload(bucket(), uploadId(), 9, row(), precondition(), blobs());
            case 8 -> new Command.AbortUpload(bucket(), key(), uploadId());
            case 9 -> new Command.Reclaimed(sequences());
            case 10 -> new Command.NeedRepair(blobs());
            case 11 -> new Command.Repaired(sequences());
            case 12 -> new Command.PutUser(user());
            default -> new Command.PutPlacement(placement());
        };
    }

    Outcome outcome() {
        return switch (random.nextInt(14)) {
            case 0 -> new Outcome.Done();
            case 1 -> new Outcome.BucketMade(random.nextLong(1 << 20));
            case 2 -> new Outcome.BucketExists(text());
            case 3 -> new Outcome.NoSuchBucket();
            case 4 -> new Outcome.BucketNotEmpty();
            case 5 -> new Outcome.Leased(random.nextLong(1 << 20));
            case 6 -> new Outcome.LeaseEnded();
            case 7 -> new Outcome.Stored(maybe(this::etag));
            case 8 -> new Outcome.Deleted();
            case 9 -> new Outcome.NoSuchKey();
            case 10 -> new Outcome.PreconditionFailed();
            case 11 -> new Outcome.NoSuchUpload();
            case 12 -> new Outcome.PartChanged(random.nextInt(10_000));
            default -> new Outcome.VersionConflict(random.nextLong(1 << 20));
        };
    }

    ShardLabel label() {
        return switch (random.nextInt(3)) {
            case 0 -> new ShardLabel.Sealed(bucket(), random.nextLong(1 << 20), instant(), row());
            case 1 -> new ShardLabel.SealedPart(bucket(), random.nextLong(1 << 20), key(), uploadId(), part());
            default -> new ShardLabel.Stripe(bucket(), random.nextLong(1 << 20), key());
        };
    }

    private ObjectRow row() {
        return object(random.nextInt(4));
    }

    private <T> List<T> several(Supplier<T> supplier) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(_ -> supplier.get())
                .toList();
    }

    private <T> Optional<T> maybe(Supplier<T> supplier) {
        return random.nextBoolean() ? Optional.of(supplier.get()) : Optional.empty();
    }

    @SafeVarargs
    private <T> T one(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
