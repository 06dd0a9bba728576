package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.Command;
import io.cairn.model.CommandCodec;
import io.cairn.model.CorruptFault;
import io.cairn.model.ETag;
import io.cairn.model.ListQuery;
import io.cairn.model.MetadataView;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.OutcomeCodec;
import io.cairn.model.Precondition;
import io.cairn.model.Redundancy;
import io.cairn.model.UnavailableFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetadataStoreTest {
    private static final BucketName BUCKET = new BucketName("bucket");
    private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);

    @TempDir
    private Path root;

    private long blobs;

    @AfterEach
    void nativeHandles_areAllClosed() {
        assertEquals(0, Database.OPEN_HANDLES.get());
    }

    @Test
    void putObject_sentTwice_isStoredTwice_andReclaimsNothing() {
        try (MetadataStore store = withBucket()) {
            Command.PutObject put = put(1, "key");
            assertEquals(new Outcome.Stored(Optional.empty()), apply(store, put));
            assertEquals(new Outcome.Stored(Optional.empty()), apply(store, put));
            assertEquals(List.of(), store.reclaims(0, 10));
            assertEquals(1, store.usage().objects());
        }
    }

    @Test
    void putObject_ofAGatewayThatLostItsLease_isRefused() {
        try (MetadataStore store = withBucket()) {
            assertEquals(new Outcome.Leased(2), apply(store, new Command.AcquireLease("other", AT)));
            assertEquals(new Outcome.Stored(Optional.empty()), apply(store, put(1, "key")));
            assertEquals(new Outcome.Leased(3), apply(store, new Command.AcquireLease("gateway", AT)));
            assertEquals(new Outcome.LeaseEnded(), apply(store, put(1, "key")));
            assertEquals(new Outcome.Stored(Optional.of(new ETag("t"))), apply(store, put(3, "key")));
            assertEquals(1, store.reclaims(0, 10).size());
        }
    }

    @Test
    void apply_ofManyCommandsInOneEntry_letsEachSeeTheOnesBefore() {
        try (MetadataStore store = withBucket()) {
            Command.PutObject once =
                    new Command.PutObject(BUCKET, 1, 1, put(1, "key").row(), new Precondition.Absent(), List.of());
            Command.PutObject again =
                    new Command.PutObject(BUCKET, 1, 1, put(1, "key").row(), new Precondition.Absent(), List.of());
            List<byte[]> outcomes = store.apply(
                    store.appliedIndex() + 1, List.of(CommandCodec.encode(once), CommandCodec.encode(again)));
            assertEquals(new Outcome.PreconditionFailed(), OutcomeCodec.decode(outcomes.get(1)));
        }
    }

    @Test
    void apply_ofAnUnreadableCommand_stopsTheStoreWithoutAnyEffect() {
        try (MetadataStore store = withBucket()) {
            long index = store.appliedIndex();
            byte[] good = CommandCodec.encode(put(1, "key"));
            assertThrows(CorruptFault.class, () -> store.apply(index + 1, List.of(good, new byte[] {99})));
            assertEquals(index, store.appliedIndex());
            assertEquals(0, store.usage().objects());
            assertThrows(UnavailableFault.class, () -> store.apply(index + 1, List.of(good)));
        }
    }

    @Test
    void queue_afterManyFinishedEntries_startsAtTheFirstLiveOne() {
        try (MetadataStore store = withBucket()) {
            List<BlobRef> many =
                    IntStream.range(0, 1_000).mapToObj(_ -> blob(1)).toList();
            apply(store, new Command.NeedRepair(many));
            assertEquals(1, store.repairs(0, 1).getFirst().sequence());
            apply(
                    store,
                    new Command.Repaired(IntStream.rangeClosed(1, 1_000)
                            .mapToObj(Long::valueOf)
                            .toList()));
            assertEquals(List.of(), store.repairs(0, 1));
            apply(store, new Command.NeedRepair(many.subList(0, 1)));
            assertEquals(1_001, store.repairs(0, 1).getFirst().sequence());
            long floor = store.<Long>reading(open -> open.floor(Family.REPAIRS).sequence());
            assertEquals(1_001, floor);
        }
    }

    @Test
    void open_ofADamagedTable_isNeverAWrongAnswer() throws IOException {
        byte[] digest;
        try (MetadataStore store = withBucket()) {
            for (int i = 0; i < 200; i++) {
                apply(store, put(1, "key" + i));
            }
            digest = store.digest();
        }
        try (MetadataStore store = open()) {
            assertArrayEquals(digest, store.digest(), "the control: undamaged");
        }
        for (Path table : files(".sst")) {
            byte[] bytes = Files.readAllBytes(table);
            bytes[bytes.length / 4] ^= 1;
            Files.write(table, bytes);
        }
        CorruptFault fault = assertThrows(CorruptFault.class, () -> {
            try (MetadataStore store = open()) {
                store.digest();
            }
        });
        assertTrue(fault.getMessage().contains(root.toString()), fault.getMessage());
        assertTrue(fault.getMessage().contains("salvage"), fault.getMessage());
        assertFalse(files(".sst").isEmpty(), "the damaged tables are kept");
    }

    @Test
    void open_whenTheNameOfTheOnlyStoreIsLostOrDamaged_takesThatStore() throws IOException {
        withBucket().close();
        Path name = root.resolve("CURRENT-STORE");
        Files.delete(name);
        open().close();
        for (byte[] damaged : new byte[][] {"store-3\n".getBytes(UTF_8), {(byte) 0xc3, 0, '/'}, {}}) {
            Files.write(name, damaged);
            try (MetadataStore store = open()) {
                assertEquals(1, store.buckets().size());
            }
            assertEquals("store-1\n", Files.readString(name));
        }
    }

    @Test
    void blobs_pageByPage_areAllOfThemAndBehindAPositionOnlyTheRest() {
        try (MetadataStore store = withBucket()) {
            List<BlobRef> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                assertEquals(new Outcome.Stored(Optional.empty()), apply(store, put(1, "k" + i)));
            }
            store.blobs(all::add);
            assertEquals(20, all.size());
            for (int rows = 1; rows < 23; rows++) {
                List<BlobRef> paged = new ArrayList<>();
                String position = "";
                do {
                    MetadataView.BlobPage page = store.blobs(position, rows);
                    paged.addAll(page.blobs());
                    position = page.next();
                } while (!position.isEmpty());
                assertEquals(all, paged, rows + " rows a page");
            }
        }
    }

    @Test
    void open_whenTheNameIsDamagedAndThereAreTwoStores_refuses() throws IOException {
        withBucket().close();
        Files.createDirectory(root.resolve("store-2"));
        for (String damaged : List.of("store-7\n", "../store-1\n")) {
            Files.writeString(root.resolve("CURRENT-STORE"), damaged);
            CorruptFault fault = assertThrows(CorruptFault.class, this::open);
            assertTrue(fault.getMessage().contains("CURRENT-STORE"), fault.getMessage());
        }
    }

    @Test
    void open_whenTheDatabaseIsGone_refusesToMakeAnEmptyOne() throws IOException {
        withBucket().close();
        for (Path file : files("")) {
            if (Files.isRegularFile(file) && file.getParent().endsWith("store-1")) {
                Files.delete(file);
            }
        }
        assertThrows(CorruptFault.class, this::open);
    }

    @Test
    void open_afterACrashInRestore_isTheOldStateAndTidy() throws IOException {
        withBucket().close();
        Files.createDirectory(root.resolve("store-2"));
        Files.writeString(root.resolve("store-2").resolve("half.sst"), "half");
        try (MetadataStore store = open()) {
            assertTrue(store.bucket(BUCKET).isPresent());
            assertFalse(Files.exists(root.resolve("store-2")));
        }
    }

    @Test
    void restoreAndClose_underReaders_neverTouchFreedMemory() throws Exception {
        MetadataStore store = withBucket();
        for (int i = 0; i < 300; i++) {
            apply(store, put(1, "key" + i));
        }
        Path checkpoint = Files.createDirectory(root.resolve("checkpoint"));
        store.checkpoint(checkpoint);
        AtomicBoolean closed = new AtomicBoolean();
        try (ExecutorService readers = Executors.newFixedThreadPool(3)) {
            List<Future<Long>> counts = IntStream.range(0, 3)
                    .mapToObj(_ -> readers.submit(() -> read(store, closed)))
                    .toList();
            for (int i = 0; i < 5; i++) {
                store.restore(checkpoint);
            }
            closed.set(true);
            store.close();
            for (Future<Long> count : counts) {
                assertTrue(count.get() > 0);
            }
        }
    }

    private static long read(MetadataStore store, AtomicBoolean closed) throws ExecutionException {
        BucketRow bucket = new BucketRow(BUCKET, 1, AT, "owner", "region");
        for (long reads = 0; ; reads++) {
            try {
                assertEquals(
                        300,
                        store.list(bucket, new ListQuery("", "", "", 1_000))
                                .entries()
                                .size());
                assertTrue(store.object(bucket, new ObjectKey("key7")).isPresent());
            } catch (UnavailableFault fault) {
                assertTrue(closed.get());
                return reads + 1;
            }
        }
    }

    @Test
    void bulkLoader_ofManyRows_isListedCountedAndFound() {
        try (MetadataStore store = open()) {
            long loaded = BulkLoader.load(
                    store,
                    BUCKET,
                    AT,
                    IntStream.range(1_000, 3_000).mapToObj(i -> row(1, "k" + i)).iterator());
            assertEquals(2_000, loaded);
            BucketRow bucket = store.bucket(BUCKET).orElseThrow();
            assertEquals(2_000, store.usage(bucket).objects());
            assertEquals(
                    1_000,
                    store.list(bucket, new ListQuery("", "", "k1999", 1_000))
                            .entries()
                            .size());
            assertTrue(store.object(bucket, new ObjectKey("k2999")).isPresent());
        }
    }

    private MetadataStore open() {
        return MetadataStore.open(root, MetadataOptions.defaults());
    }

    private MetadataStore withBucket() {
        MetadataStore store = open();
        assertEquals(new Outcome.BucketMade(1), apply(store, new Command.CreateBucket(BUCKET, "owner", "region", AT)));
        assertEquals(new Outcome.Leased(1), apply(store, new Command.AcquireLease("gateway", AT)));
        return store;
    }

    private static Outcome apply(MetadataStore store, Command command) {
        List<byte[]> outcomes = store.apply(store.appliedIndex() + 1, List.of(CommandCodec.encode(command)));
        return OutcomeCodec.decode(outcomes.getFirst());
    }

    private Command.PutObject put(long epoch, String key) {
        return new Command.PutObject(BUCKET, 1, epoch, row(epoch, key), new Precondition.None(), List.of());
    }

    private ObjectRow row(long epoch, String key) {
        BlobRef blob = blob(epoch);
        List<ObjectPart> parts = List.of(new ObjectPart(0, 5, blob, Optional.empty()));
        return new ObjectRow(new ObjectKey(key), 5, new ETag("t"), AT, Map.of(), Optional.empty(), parts, blob);
    }

    private BlobRef blob(long epoch) {
        return new BlobRef(BlobId.of(epoch, blobs++), 5, 1 << 20, new Redundancy.Copies(1), 0);
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
