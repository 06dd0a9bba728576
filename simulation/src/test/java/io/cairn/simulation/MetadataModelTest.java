package io.cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.metadata.MetadataOptions;
import io.cairn.metadata.MetadataStore;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.CommandCodec;
import io.cairn.model.ListPage;
import io.cairn.model.ListQuery;
import io.cairn.model.MetadataView;
import io.cairn.model.ObjectKey;
import io.cairn.model.OutcomeCodec;
import io.cairn.model.UploadId;
import io.cairn.testkit.Property;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetadataModelTest {
    @TempDir
    private Path root;

    private int directories;

    /** A life of a store: its commands and what the model answered. */
    private record Life(MemoryMetadata model, RandomCommands commands, List<byte[]> encoded, List<byte[]> outcomes) {
        static Life of(SplittableRandom random, int length) {
            MemoryMetadata model = new MemoryMetadata();
            Life life = new Life(model, new RandomCommands(random, model), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < length; i++) {
                byte[] command = CommandCodec.encode(life.commands.next());
                byte[] outcome = model.apply(i + 1, List.of(command)).getFirst();
                life.commands.note(OutcomeCodec.decode(outcome));
                life.encoded.add(command);
                life.outcomes.add(outcome);
            }
            return life;
        }
    }

    @Test
    void store_afterAnyCommandsInAnyBatches_answersAndReadsAsTheModel() {
        Property.holds(4, random -> {
            Life life = Life.of(random, 600);
            try (MetadataStore store = open(fresh())) {
                List<byte[]> outcomes = applyInBatches(random, store, life.encoded);
                for (int i = 0; i < outcomes.size(); i++) {
                    assertEquals(
                            OutcomeCodec.decode(life.outcomes.get(i)),
                            OutcomeCodec.decode(outcomes.get(i)),
                            "command " + i);
                }
                assertSameView(life.model, store, life.commands, random);
            }
        });
    }

    @Test
    void list_ofAnyQuery_isThatOfTheNaiveListing() {
        Property.holds(4, random -> {
            Life life = Life.of(random, 400);
            try (MetadataStore store = open(fresh())) {
                applyInBatches(random, store, life.encoded);
                for (BucketRow bucket : life.model.buckets()) {
                    for (int i = 0; i < 300; i++) {
                        ListQuery query = query(random, life.commands);
                        assertEquals(life.model.list(bucket, query), store.list(bucket, query), query.toString());
                    }
                    assertPagesJoin(store, bucket, query(random, life.commands));
                }
            }
        });
    }

    @Test
    void digest_ofTheSameCommands_doesNotDependOnBatches() {
        Property.holds(2, random -> {
            Life life = Life.of(random, 400);
            try (MetadataStore one = open(fresh());
                    MetadataStore other = open(fresh())) {
                applyInBatches(random, one, life.encoded);
                applyInBatches(random, other, life.encoded);
                assertArrayEquals(one.digest(), other.digest());
                other.apply(other.appliedIndex() + 1, List.of(CommandCodec.encode(life.commands.next())));
                other.apply(
                        other.appliedIndex() + 1,
                        List.of(CommandCodec.encode(new Command.AcquireLease("other", Instant.EPOCH))));
                assertFalse(Arrays.equals(one.digest(), other.digest()), "the digest sees a change");
            }
        });
    }

    @Test
    void store_afterACrash_isAPrefixWithItsTrueIndex_andReplaysTheRest() {
        Property.holds(3, random -> {
            Life life = Life.of(random, 300);
            List<byte[]> digests = new ArrayList<>();
            Path live = fresh();
            Path crashed;
            long flushed = 0;
            try (MetadataStore store = open(live)) {
                digests.add(store.digest());
                for (int i = 0; i < life.encoded.size(); i++) {
                    store.apply(i + 1, List.of(life.encoded.get(i)));
                    digests.add(store.digest());
                    if (random.nextInt(100) == 0) {
                        flushed = store.flush();
                        assertEquals(i + 1, flushed);
                    }
                }
                crashed = copy(live);
            }
            tearLog(crashed, random);
            try (MetadataStore store = open(crashed)) {
                int index = (int) store.appliedIndex();
                assertTrue(index >= flushed, "index " + index + " after a flush of " + flushed);
                assertArrayEquals(digests.get(index), store.digest(), "the state of index " + index);
                for (int i = index; i < life.encoded.size(); i++) {
                    store.apply(i + 1, List.of(life.encoded.get(i)));
                }
                assertArrayEquals(digests.getLast(), store.digest());
            }
        });
    }

    @Test
    void restore_ofACheckpoint_givesTheStateOfItsIndex() {
        Property.holds(2, random -> {
            Life life = Life.of(random, 300);
            Path checkpoint = fresh();
            Path directory = fresh();
            byte[] digest;
            try (MetadataStore store = open(fresh())) {
                applyInBatches(random, store, life.encoded.subList(0, 200));
                store.skip(store.appliedIndex() + 5);
                assertEquals(store.appliedIndex(), store.checkpoint(checkpoint));
                digest = store.digest();
                applyInBatches(random, store, life.encoded.subList(200, 300));
            }
            long index;
            try (MetadataStore store = open(directory)) {
                applyInBatches(random, store, life.encoded.subList(0, 50));
                store.restore(checkpoint);
                assertArrayEquals(digest, store.digest());
                index = store.appliedIndex();
            }
            try (MetadataStore store = open(directory)) {
                assertEquals(index, store.appliedIndex());
                assertArrayEquals(digest, store.digest());
                applyInBatches(random, store, life.encoded.subList(200, 300));
                assertSameView(life.model, store, life.commands, random);
            }
        });
    }

    @Test
    void model_restoredFromItsCheckpoint_isTheSame() {
        Property.holds(3, random -> {
            Life life = Life.of(random, 200);
            Path checkpoint = fresh();
            long index = life.model.checkpoint(checkpoint);
            try (MemoryMetadata other = new MemoryMetadata()) {
                other.restore(checkpoint);
                assertEquals(index, other.appliedIndex());
                assertSameView(life.model, other, life.commands, random);
            }
        });
    }

    private static List<byte[]> applyInBatches(SplittableRandom random, MetadataStore store, List<byte[]> commands) {
        List<byte[]> outcomes = new ArrayList<>();
        int most = random.nextInt(1, 64);
        for (int from = 0; from < commands.size(); ) {
            int to = Math.min(commands.size(), from + random.nextInt(1, most + 1));
            outcomes.addAll(store.apply(store.appliedIndex() + random.nextInt(1, 3), commands.subList(from, to)));
            from = to;
        }
        return outcomes;
    }

    private static void assertSameView(
            MetadataView model, MetadataView store, RandomCommands commands, SplittableRandom random) {
        assertEquals(model.buckets(), store.buckets());
        assertEquals(model.users(), store.users());
        assertEquals(model.placement(), store.placement());
        assertEquals(model.usage(), store.usage());
        assertEquals(model.reclaims(0, 10_000), store.reclaims(0, 10_000));
        assertEquals(model.repairs(0, 10_000), store.repairs(0, 10_000));
        assertEquals(model.reclaims(7, 3), store.reclaims(7, 3));
        assertEquals(blobs(model), blobs(store));
        for (BucketRow bucket : model.buckets()) {
            assertEquals(model.bucket(bucket.name()), store.bucket(bucket.name()));
            assertEquals(model.usage(bucket), store.usage(bucket));
            for (ListPage.Entry entry :
                    model.list(bucket, new ListQuery("", "", "", 1_000)).entries()) {
                ObjectKey key = new ObjectKey(entry.key());
                assertEquals(model.object(bucket, key), store.object(bucket, key));
            }
            assertSameUploads(model, store, bucket, commands, random);
        }
    }

    private static void assertSameUploads(
            MetadataView model,
            MetadataView store,
            BucketRow bucket,
            RandomCommands commands,
            SplittableRandom random) {
        for (int i = 0; i < 30; i++) {
            String prefix = random.nextBoolean() ? "" : commands.text(0);
            String keyMarker = random.nextBoolean() ? "" : commands.key();
            String idMarker =
                    random.nextBoolean() || keyMarker.isEmpty() ? "" : bucket.name() + "." + random.nextInt(4);
            int limit = random.nextInt(10);
            assertEquals(
                    model.uploads(bucket, prefix, keyMarker, idMarker, limit),
                    store.uploads(bucket, prefix, keyMarker, idMarker, limit));
        }
        for (int i = 0; i < 4; i++) {
            UploadId upload = new UploadId(bucket.name() + "." + i);
            int after = random.nextInt(6);
            assertEquals(model.parts(upload, after, 3), store.parts(upload, after, 3));
        }
    }

    private static Set<BlobRef> blobs(MetadataView view) {
        Set<BlobRef> blobs = new TreeSet<>(Comparator.comparing(BlobRef::id));
        view.blobs(blob -> {
            blobs.add(blob);
            return true;
        });
        return blobs;
    }

    private static void assertPagesJoin(MetadataView store, BucketRow bucket, ListQuery query) {
        ListQuery start = new ListQuery(query.prefix(), query.delimiter(), "", 1_000);
        ListPage whole = store.list(bucket, start);
        List<ListPage.Entry> entries = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String after = "";
        do {
            ListPage page = store.list(bucket, new ListQuery(query.prefix(), query.delimiter(), after, 3));
            entries.addAll(page.entries());
            prefixes.addAll(page.commonPrefixes());
            after = page.next();
        } while (!after.isEmpty());
        assertEquals(whole, new ListPage(entries, prefixes, ""));
    }

    private static ListQuery query(SplittableRandom random, RandomCommands commands) {
        String prefix = random.nextBoolean() ? "" : cut(random, commands.key());
        String delimiter = switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> "//";
            case 2 -> commands.text(1);
            default -> "/";
        };
        String after =
                random.nextBoolean() ? "" : cut(random, random.nextBoolean() ? commands.key() : commands.text(1));
        return new ListQuery(prefix, delimiter, after, random.nextInt(12));
    }

    /** A random start of the text that does not end in half a character. */
    private static String cut(SplittableRandom random, String text) {
        return text.substring(0, text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, text.length()) + 1)));
    }

    private static MetadataStore open(Path directory) {
        return MetadataStore.open(directory, MetadataOptions.defaults());
    }

    private Path fresh() throws IOException {
        return Files.createDirectory(root.resolve("d" + directories++));
    }

    /** A copy of files that are in use; starts again when a compaction added or took one meanwhile. */
    private Path copy(Path source) throws IOException {
        while (true) {
            Path target = root.resolve("d" + directories++);
            List<Path> before = files(source);
            try {
                for (Path file : before) {
                    Files.copy(file, target.resolve(source.relativize(file)));
                }
                if (before.equals(files(source))) {
                    return target;
                }
            } catch (NoSuchFileException changed) {
                assertTrue(directories < 1_000, () -> "copying " + source + ": " + changed);
            }
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.sorted().toList();
        } catch (UncheckedIOException changed) {
            return List.of();
        }
    }

    /** Half of the time, loses a random end of the newest write-ahead log, as a power cut may. */
    private static void tearLog(Path directory, SplittableRandom random) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path log = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            if (random.nextBoolean()) {
                try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                    channel.truncate(random.nextLong(channel.size() + 1));
                }
            }
        }
    }
}
