package io.cairn.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.repository.cut.DataClass;
import org.junit.jupiter.api.Test;

final class PagePiecesTest {
    @Test
    void pieces_growWithTheCluster_soThatTheirListStaysSmall() {
        assertEquals(DataClass.PAGES_8K, PagePieces.of(0));
        assertEquals(DataClass.PAGES_8K, PagePieces.of(4L << 30));
        assertEquals(DataClass.PAGES_32K, PagePieces.of((4L << 30) + 1));
        assertEquals(DataClass.PAGES, PagePieces.of(32L << 30));
        assertEquals(DataClass.PAGES_256K, PagePieces.of(128L << 30));
        assertEquals(DataClass.PAGES_1M, PagePieces.of(1L << 40));
    }
}
