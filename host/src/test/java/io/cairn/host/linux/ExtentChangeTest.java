package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.host.Extent;
import io.cairn.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ExtentChangeTest {
    private static final int SIZE = 60;
    private static final long HOLE = -1;
    private static final long UNPLACED = -2;

    @Test
    void filesThatShareEverything_haveNoChange() {
        List<Extent> extents = List.of(data(0, 100, 10), data(20, 400, 5));
        assertEquals(List.of(), ExtentChange.between(extents, extents, SIZE));
        assertEquals(List.of(), ExtentChange.between(List.of(), List.of(), SIZE));
    }

    @Test
    void runs_dividedDifferently_areTheSame() {
        List<Extent> whole = List.of(data(0, 100, 10));
        List<Extent> pieces = List.of(data(0, 100, 3), data(3, 103, 7));
        assertEquals(List.of(), ExtentChange.between(whole, pieces, SIZE));
    }

    @Test
    void dataThatMoved_isOneChange() {
        List<Extent> original = List.of(data(0, 100, 4), data(4, 900, 2), data(6, 106, 4));
        assertEquals(
                List.of(new ExtentChange(4, 2, true)), ExtentChange.between(List.of(data(0, 100, 10)), original, SIZE));
    }

    @Test
    void dataThatWasTrimmed_isAHoleAgain() {
        List<Extent> original = List.of(data(0, 100, 4), unwritten(4, 104, 2), data(6, 106, 4));
        assertEquals(
                List.of(new ExtentChange(4, 2, false)),
                ExtentChange.between(List.of(data(0, 100, 10)), original, SIZE));
    }

    @Test
    void dataWithoutAPlace_isNeverTakenForShared() {
        List<Extent> extents = List.of(new Extent(0, 0, 10, false, false, false));
        assertEquals(List.of(new ExtentChange(0, 10, true)), ExtentChange.between(extents, extents, SIZE));
    }

    @Test
    void extents_pastTheEnd_areCutThere() {
        assertEquals(
                List.of(new ExtentChange(0, SIZE, true)),
                ExtentChange.between(List.of(), List.of(data(0, 100, SIZE + 40)), SIZE));
    }

    /** Against a comparison byte by byte. */
    @Test
    void changes_ofAnyTwoFiles_areExactlyTheBytesThatDiffer() {
        Property.holds(2000, random -> {
            long[] copy = layout(random);
            long[] original = random.nextInt(4) == 0 ? copy.clone() : layout(random);
            for (int i = random.nextInt(5); i > 0; i--) {
                original[random.nextInt(SIZE)] = random.nextInt(2) == 0 ? HOLE : 5000 + i;
            }
            String[] expected = new String[SIZE];
            for (int at = 0; at < SIZE; at++) {
                boolean same = original[at] == copy[at] && original[at] != UNPLACED;
                expected[at] = same ? "same" : original[at] == HOLE ? "hole" : "data";
            }
            String[] told = new String[SIZE];
            java.util.Arrays.fill(told, "same");
            for (ExtentChange change : ExtentChange.between(extents(copy), extents(original), SIZE)) {
                for (long at = change.start(); at < change.start() + change.length(); at++) {
                    told[(int) at] = change.data() ? "data" : "hole";
                }
            }
            assertEquals(List.of(expected), List.of(told));
        });
    }

    /** A place for each byte: runs of data, holes and what has no place. */
    private static long[] layout(SplittableRandom random) {
        long[] places = new long[SIZE];
        for (int at = 0; at < SIZE; ) {
            int length = Math.min(SIZE - at, random.nextInt(1, 12));
            long start = random.nextInt(3) * 1000L;
            int kind = random.nextInt(5);
            for (int i = at; i < at + length; i++) {
                places[i] = kind == 0 ? HOLE : kind == 1 ? UNPLACED : start + i;
            }
            at += length;
        }
        return places;
    }

    private static List<Extent> extents(long[] places) {
        var extents = new ArrayList<Extent>();
        for (int at = 0; at < places.length; at++) {
            if (places[at] == UNPLACED) {
                extents.add(new Extent(at, 0, 1, false, false, false));
            } else if (places[at] != HOLE) {
                extents.add(data(at, places[at], 1));
            }
        }
        return extents;
    }

    private static Extent data(long logical, long physical, long length) {
        return new Extent(logical, physical, length, false, false, true);
    }

    private static Extent unwritten(long logical, long physical, long length) {
        return new Extent(logical, physical, length, true, false, true);
    }
}
