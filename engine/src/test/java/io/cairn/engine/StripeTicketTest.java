package io.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.model.DriveFault;
import io.cairn.model.UnavailableFault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StripeTicketTest {
    private static final EngineOptions QUICK = new EngineOptions(
            ByteCount.mebibytes(16),
            1 << 20,
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            0);

    private final CompletableFuture<Void> one = new CompletableFuture<>();
    private final CompletableFuture<Void> two = new CompletableFuture<>();
    private final CompletableFuture<Void> three = new CompletableFuture<>();
    private final StripeTicket ticket = new StripeTicket("test", 2, List.of(one, two, three));

    @Test
    void allShardsDurable_isComplete() {
        one.complete(null);
        two.complete(null);
        three.complete(null);
        assertTrue(ticket.await(QUICK));
        assertTrue(ticket.idle());
    }

    @Test
    void quorumAndAFailure_isDegradedAndIdle() {
        one.complete(null);
        two.completeExceptionally(new DriveFault(DriveFault.Kind.FULL, "full"));
        three.complete(null);
        assertFalse(ticket.await(QUICK));
        assertTrue(ticket.idle());
    }

    @Test
    void quorumAndASlowDrive_isDegradedAndStillUsesThePayload() {
        one.complete(null);
        two.complete(null);
        assertFalse(ticket.await(QUICK));
        assertFalse(ticket.idle());
    }

    @Test
    void noQuorum_isUnavailableAsSoonAsItIsCertain() {
        one.completeExceptionally(new DriveFault(DriveFault.Kind.GONE, "gone"));
        two.completeExceptionally(new DriveFault(DriveFault.Kind.GONE, "gone"));
        UnavailableFault fault = assertThrows(UnavailableFault.class, () -> ticket.await(QUICK));
        assertTrue(fault.getMessage().contains("0 of 2 needed shards"), fault.getMessage());
    }

    @Test
    void noAnswerInTime_isUnavailable() {
        one.complete(null);
        assertThrows(UnavailableFault.class, () -> ticket.await(QUICK));
    }
}
