package io.cairn.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.Extent;
import io.cairn.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ExtentDiffTest {
    private static final int BLOCK = 4096;

    private static Extent extent(long logical, long physical, long length) {
        return new Extent(logical, physical, length, false, true, true);
    }

    @Test
    void files_thatShareEverything_differInNothing() {
        List<Extent> map = List.of(extent(0, 100, 50), extent(80, 500, 20));
        assertEquals(List.of(), ExtentDiff.between(map, map));
        assertEquals(List.of(new ByteRange(0, 50), new ByteRange(80, 20)), ExtentDiff.written(map));
    }

    @Test
    void block_overwrittenInTheMiddle_isTheDifference() {
        List<Extent> before = List.of(extent(0, 1000, 300));
        List<Extent> after = List.of(extent(0, 1000, 100), extent(100, 7000, 50), extent(150, 1150, 150));
        assertEquals(List.of(new ByteRange(100, 50)), ExtentDiff.between(before, after));
    }

    @Test
    void hole_madeOrFilled_isADifference() {
        List<Extent> data = List.of(extent(0, 1000, 300));
        assertEquals(List.of(new ByteRange(0, 300)), ExtentDiff.between(List.of(), data));
        assertEquals(List.of(new ByteRange(0, 300)), ExtentDiff.between(data, List.of()));
    }

    @Test
    void unwritten_isAsGoodAsAHole() {
        List<Extent> unwritten = List.of(new Extent(0, 1000, 300, true, false, true));
        assertEquals(List.of(), ExtentDiff.between(List.of(), unwritten));
        assertEquals(List.of(), ExtentDiff.written(unwritten));
    }

    @Test
    void place_unknown_isADifference() {
        List<Extent> map = List.of(new Extent(0, 0, 300, false, false, false));
        assertEquals(List.of(new ByteRange(0, 300)), ExtentDiff.between(map, map));
    }

    /** Against a comparison block by block. */
    @Test
    void maps_ofAnyShape_differWhereTheirBlocksDo() {
        Property.holds(500, random -> {
            long[] before = places(random);
            long[] after = before.clone();
            for (int i = 0; i < random.nextInt(20); i++) {
                after[random.nextInt(after.length)] = random.nextInt(4) == 0 ? 0 : 5000 + random.nextInt(100);
            }
            List<ByteRange> ranges = ExtentDiff.between(map(before), map(after));
            for (int block = 0; block < before.length; block++) {
                long at = (long) block * BLOCK;
                boolean named = ranges.stream().anyMatch(range -> range.offset() <= at && at < range.end());
                assertEquals(before[block] != after[block], named, "block " + block);
            }
            for (int i = 1; i < ranges.size(); i++) {
                assertTrue(ranges.get(i - 1).end() < ranges.get(i).offset(), ranges.toString());
            }
        });
    }

    /** Where each block lies, in blocks; 0 is a hole. */
    private static long[] places(SplittableRandom random) {
        long[] places = new long[100];
        long next = 1;
        for (int i = 0; i < places.length; i++) {
            next = random.nextInt(5) == 0 ? 1 + random.nextInt(1000) : next + 1;
            places[i] = random.nextInt(6) == 0 ? 0 : next;
        }
        return places;
    }

    private static List<Extent> map(long[] places) {
        var extents = new ArrayList<Extent>();
        for (int i = 0; i < places.length; i++) {
            if (places[i] != 0) {
                Extent last = extents.isEmpty() ? null : extents.getLast();
                boolean continues = last != null
                        && last.logicalEnd() == (long) i * BLOCK
                        && last.physical() + last.length() == places[i] * BLOCK;
                if (continues) {
                    extents.removeLast();
                    extents.add(extent(last.logical(), last.physical(), last.length() + BLOCK));
                } else {
                    extents.add(extent((long) i * BLOCK, places[i] * BLOCK, BLOCK));
                }
            }
        }
        return extents;
    }
}
