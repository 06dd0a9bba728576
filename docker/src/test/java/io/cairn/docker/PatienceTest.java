package io.cairn.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PatienceTest {
    private static final Duration AGES = Duration.ofSeconds(20);

    private final Patience patience = new Patience("test", 1);
    private final CompletableFuture<CompletableFuture<String>> afterwards = new CompletableFuture<>();

    @Test
    void work_inTime_isReturned() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertEquals(new Patience.End.Done<>("done"), patience.await(AGES, () -> "done", afterwards::complete));
        }
        assertTrue(!afterwards.isDone());
    }

    @Test
    void work_thatFailsInTime_isThrown() {
        assertThrows(
                IOException.class,
                () -> patience.await(
                        AGES,
                        () -> {
                            throw new IOException("planted");
                        },
                        afterwards::complete));
        assertTrue(!afterwards.isDone());
    }

    @Test
    void work_tooLate_goesOnAndIsHandedOver() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        var end = patience.await(
                Duration.ofMillis(1),
                () -> {
                    assertTrue(mayEnd.await(20, TimeUnit.SECONDS));
                    return "late";
                },
                afterwards::complete);
        assertInstanceOf(Patience.End.Late.class, end);
        assertInstanceOf(Patience.End.Late.class, patience.await(Duration.ofMillis(1), () -> "second", _ -> {}));
        mayEnd.countDown();
        assertEquals("late", afterwards.get(10, TimeUnit.SECONDS).get());
        assertInstanceOf(Patience.End.Done.class, patience.await(AGES, () -> "third", _ -> {}));
    }

    @Test
    void work_withoutRoom_isNotBegun() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        int begun = 0;
        while (patience.await(Duration.ZERO, () -> mayEnd.await(20, TimeUnit.SECONDS), _ -> {})
                instanceof Patience.End.Late<Boolean>) {
            begun++;
            assertTrue(begun < 10_000);
        }
        mayEnd.countDown();
        assertTrue(begun > 1_000);
    }

    /** Whoever is first takes the result; it is never lost and never taken twice. */
    @Test
    void work_atTheVeryLimit_isTakenOnce() throws Exception {
        Patience wide = new Patience("test", 10);
        for (int i = 0; i < 300; i++) {
            CompletableFuture<String> late = new CompletableFuture<>();
            var end = wide.await(Duration.ofNanos(i * 500L), () -> "value", result -> late.complete(result.join()));
            if (end instanceof Patience.End.Late<String>) {
                assertEquals("value", late.get(10, TimeUnit.SECONDS));
            } else {
                assertEquals(new Patience.End.Done<>("value"), end);
                assertTrue(!late.isDone());
            }
        }
    }
}
