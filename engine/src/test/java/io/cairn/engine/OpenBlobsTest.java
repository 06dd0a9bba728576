package io.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.BlobId;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenBlobsTest {
    private static final BlobId ONE = BlobId.of(1, 1);
    private static final BlobId TWO = BlobId.of(1, 2);

    private final OpenBlobs open = new OpenBlobs();

    @Test
    void pinnedBlob_isNotRetiredBeforeItsLastReaderIsGone() {
        assertTrue(open.pin(List.of(ONE)));
        assertTrue(open.pin(List.of(ONE, TWO)));
        open.unpin(List.of(ONE));
        assertFalse(open.retire(ONE));
        open.unpin(List.of(ONE, TWO));
        assertTrue(open.retire(ONE));
    }

    @Test
    void retiredBlob_refusesReadersAndPinsNothingElse() {
        assertTrue(open.retire(TWO));
        assertFalse(open.pin(List.of(ONE, TWO)));
        assertTrue(open.retire(ONE), "the refused pin left nothing behind");
    }

    @Test
    void forgottenBlob_leavesNoTrace() {
        assertTrue(open.retire(ONE));
        open.forget(List.of(ONE));
        assertTrue(open.pin(List.of(ONE)));
    }
}
