package io.cairn.simulation.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.consensus.MemoryLog;
import io.cairn.engine.ScrubStatus;
import io.cairn.model.ScrubMark;
import io.cairn.simulation.MemoryMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scrubbing over restarts: it gets to the end however short each life is, and rests after that. */
@Timeout(60)
final class ScrubTest {
    private static final int OBJECTS = 300;
    private static final int BYTES = 1000;
    private static final int MEMORY = 8 * EngineNode.STRIPE;

    @Test
    void round_cutShortByRestarts_goesOnWhereItWasAndRestsAtItsEnd() {
        MemoryMetadata metadata = new MemoryMetadata();
        try (EngineNode node = new EngineNode(1, "", new MemoryLog(metadata), MEMORY)) {
            for (int i = 0; i < OBJECTS; i++) {
                node.put("k" + i, EngineNode.content(i, BYTES));
            }
        }
        ScrubMark before = ScrubMark.beginning(java.time.Instant.EPOCH);
        int lives = 0;
        while (before.ended().isEmpty()) {
            ScrubMark last = before;
            try (EngineNode node = new EngineNode(1, "", new MemoryLog(metadata), MEMORY, 100L * BYTES)) {
                node.await(
                        "some more of it is verified", () -> moved(node.store().scrubbing(), last));
            }
            before = metadata.scrub().orElseThrow();
            lives++;
            assertTrue(before.blobs() > last.blobs(), before + " after " + last);
        }
        assertTrue(lives > 1, "one life was enough, which shows nothing");
        assertTrue(before.blobs() >= OBJECTS && before.blobs() < OBJECTS + 64L * lives, before.toString());
        ScrubMark end = before;
        try (EngineNode node = new EngineNode(1, "", new MemoryLog(metadata), MEMORY, 100L * BYTES)) {
            node.await(
                    "it knows of the last round",
                    () -> node.store().scrubbing().ended().isPresent());
        }
        assertEquals(end, metadata.scrub().orElseThrow(), "it rests");
    }

    private static boolean moved(ScrubStatus now, ScrubMark last) {
        return now.ended().isPresent() || now.blobs() > last.blobs() + 80;
    }
}
