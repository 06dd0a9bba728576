package io.cairn.http;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The control of the leak check: it must find a leak. */
class LeakWatchTest {
    @Test
    void findings_afterAPlantedLeak_nameIt() {
        LeakWatch.install();
        List<String> found = List.of();
        for (int i = 0; found.isEmpty() && i < 50; i++) {
            leak();
            found = LeakWatch.findings();
        }
        assertFalse(found.isEmpty());
        while (!LeakWatch.findings().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static void leak() {
        ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }
}
