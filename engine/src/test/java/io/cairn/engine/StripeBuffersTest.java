package io.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.base.ByteCount;
import io.cairn.model.UnavailableFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StripeBuffersTest {
    private static final int STRIPE = 1 << 20;
    private final StripeBuffers buffers = new StripeBuffers(new EngineOptions(
            ByteCount.mebibytes(8),
            STRIPE,
            Duration.ofMillis(20),
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            0));

    @Test
    void memory_isNeverMoreThanTheBudget() {
        List<byte[]> taken = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            taken.add(buffers.take(STRIPE));
        }
        assertThrows(UnavailableFault.class, () -> buffers.take(1));
        buffers.give(taken.removeLast());
        assertEquals(7L * STRIPE, buffers.takenBytes());
        buffers.take(1);
        assertEquals(7L * STRIPE + 1024, buffers.takenBytes());
    }

    @Test
    void underPressure_newBlobsGetSmallStripes() {
        assertEquals(STRIPE, buffers.stripeBytesNow());
        for (int i = 0; i < 5; i++) {
            buffers.take(STRIPE);
        }
        assertEquals(StripeBuffers.SMALL_STRIPE_BYTES, buffers.stripeBytesNow());
    }

    @Test
    void arrays_areUsedAgain_butForfeitedOnesAreNot() {
        byte[] first = buffers.take(STRIPE);
        buffers.give(first);
        assertSame(first, buffers.take(STRIPE));
        buffers.forfeit(first);
        byte[] other = buffers.take(STRIPE);
        org.junit.jupiter.api.Assertions.assertNotSame(first, other);
        assertEquals(STRIPE, buffers.takenBytes());
    }
}
