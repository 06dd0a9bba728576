package io.cairn.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.CommandLog;
import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A log with submitters at work, and a ledger of what it answered. */
final class LoadedLog implements AutoCloseable {
    private final CommandLog log;
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final AtomicInteger uncertain = new AtomicInteger();
    private final List<Thread> submitters = new ArrayList<>();
    private volatile boolean stop;

    LoadedLog(CommandLog log, int count, String prefix) {
        this.log = log;
        for (int s = 0; s < count; s++) {
            int submitter = s;
            submitters.add(Thread.ofVirtual().start(() -> submit(prefix + submitter)));
        }
    }

    private void submit(String name) {
        for (int i = 0; !stop; i++) {
            String command = name + "/" + i;
            try {
                byte[] _ = log.submit(command.getBytes(StandardCharsets.UTF_8));
                answered.add(command);
            } catch (UnavailableFault e) {
                refused.add(command);
            } catch (StorageFault e) {
                uncertain.incrementAndGet();
            }
        }
    }

    int answers() {
        return answered.size();
    }

    /** Waits until so many more commands are answered. */
    void awaitMore(int more) {
        int target = answered.size() + more;
        Waiting.until(() -> answered.size() >= target);
    }

    @Override
    public void close() {
        stop = true;
        for (Thread submitter : submitters) {
            try {
                submitter.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Every answered command was applied exactly once, every refused one not at all. */
    void verify(TallyState state) {
        assertTrue(!answered.isEmpty(), "commands were answered");
        for (String command : answered) {
            assertEquals(1, state.count(command), command);
        }
        for (String command : refused) {
            assertEquals(0, state.count(command), command);
        }
        for (int count : state.counts.values()) {
            assertEquals(1, count);
        }
    }
}
