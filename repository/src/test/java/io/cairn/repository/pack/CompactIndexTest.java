package io.cairn.repository.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.repository.seal.Id;
import io.cairn.testkit.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The index in memory against a map, and against its budget. */
final class CompactIndexTest {
    private static Id id(SplittableRandom random) {
        return new Id(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    @Test
    void index_ofAnyPacks_findsWhatAMapFinds() {
        Property.holds(20, random -> {
            Map<Id, CompactIndex.Place> expected = new HashMap<>();
            List<Id> known = new ArrayList<>();
            try (CompactIndex index = new CompactIndex()) {
                for (int p = 0; p < 60; p++) {
                    Id pack = id(random);
                    List<PackedBlob> blobs = new ArrayList<>();
                    int offset = 0;
                    for (int b = random.nextInt(70); b > 0; b--) {
                        Id blob = !known.isEmpty() && random.nextInt(9) == 0
                                ? known.get(random.nextInt(known.size()))
                                : id(random);
                        known.add(blob);
                        int length = 32 + random.nextInt(70_000);
                        blobs.add(new PackedBlob(BlobType.DATA, blob, offset, length, random.nextInt(3)));
                        offset += length;
                    }
                    index.add(pack, blobs);
                    blobs.forEach(blob -> expected.putIfAbsent(blob.id(), new CompactIndex.Place(pack, blob)));
                }
                assertEquals(known.size(), index.size());
                for (Map.Entry<Id, CompactIndex.Place> entry : expected.entrySet()) {
                    assertEquals(
                            entry.getValue(),
                            index.lookup(BlobType.DATA, entry.getKey()).orElseThrow());
                    assertFalse(index.has(BlobType.TREE, entry.getKey()));
                }
                assertFalse(index.has(BlobType.DATA, id(random)));
            }
        });
    }

    @Test
    @Tag("slow")
    void index_ofTenMillionBlobs_staysBelow500MiB() {
        SplittableRandom random = new SplittableRandom(1);
        try (CompactIndex index = new CompactIndex()) {
            for (int p = 0; p < 40_000; p++) {
                List<PackedBlob> blobs = new ArrayList<>(250);
                for (int b = 0; b < 250; b++) {
                    blobs.add(new PackedBlob(BlobType.DATA, id(random), b * 65_568, 65_568, 0));
                }
                index.add(id(random), blobs);
            }
            assertEquals(10_000_000, index.size());
            System.out.println("memory of 10,000,000 blobs: " + index.memory() + " bytes");
            assertTrue(index.memory() < 500L << 20, () -> index.memory() + " bytes");
        }
    }
}
