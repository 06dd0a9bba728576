package io.cairn.metadata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.ObjectKey;
import io.cairn.testkit.Property;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RowKeysTest {
    private static final String[] PIECES = {"a", "b", "\u0000", "\u0001", "/", "\u00ff", "\uD83D\uDE00", "\uFFFD"};

    private static ObjectKey key(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return new ObjectKey(text.toString());
    }

    @Test
    void object_rowsOfAnyTwoKeys_orderAsTheKeys() {
        Property.holds(2_000, random -> {
            ObjectKey one = key(random);
            ObjectKey other = key(random);
            int rows = Arrays.compareUnsigned(RowKeys.object(7, one), RowKeys.object(7, other));
            assertEquals(Integer.signum(one.compareTo(other)), Integer.signum(rows));
            int behind = Arrays.compareUnsigned(RowKeys.behind(7, one.utf8()), RowKeys.object(7, other));
            assertEquals(one.compareTo(other) >= 0 ? 1 : -1, Integer.signum(behind));
        });
    }

    @Test
    void keyIn_ofAnObjectsRow_isTheKey() {
        Property.holds(2_000, random -> {
            ObjectKey key = key(random);
            byte[] row = RowKeys.object(random.nextLong(Long.MAX_VALUE), key);
            int end = RowKeys.keyEnd(row);
            assertArrayEquals(key.utf8(), RowKeys.keyIn(row, end));
            assertTrue(RowKeys.current(row, end));
        });
    }

    @Test
    void start_ofAPrefix_startsExactlyTheRowsOfKeysWithIt() {
        Property.holds(2_000, random -> {
            byte[] prefix = key(random).utf8();
            ObjectKey key = key(random);
            boolean starts = RowKeys.startsWith(key.utf8(), prefix);
            byte[] row = RowKeys.object(3, key);
            byte[] start = RowKeys.start(3, prefix);
            boolean between = Arrays.compareUnsigned(row, start) >= 0
                    && Arrays.compareUnsigned(row, RowKeys.successor(start)) < 0;
            assertEquals(starts, between);
        });
    }
}
