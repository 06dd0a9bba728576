package io.cairn.acceptance.drives;

import io.cairn.model.StorageFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;

/**
 * Writers and readers that go on until they are stopped, and know what was acknowledged: each key belongs to one
 * writer, which remembers what may stand under it. A write that fails is tried once more. Thread-safe.
 */
final class Load implements AutoCloseable {
    private static final int KEYS = 24;
    private static final int PART_BYTES = 5 << 20;
    private static final int READ_PAUSE_NANOS = 5_000_000;
    /** The drives of tests are small: what is overwritten must be reclaimed before they are full. */
    private static final int WRITE_PAUSE_NANOS = 50_000_000;

    /** What may stand under a key: exactly one of these. A length below zero is: nothing. */
    record Write(int generation, int length) {
        static final Write NOTHING = new Write(0, -1);
    }

    private final ObjectBucket client;
    private final long seed;
    private final Map<String, List<Write>> state = new ConcurrentHashMap<>();
    private final Queue<String> readFailures = new ConcurrentLinkedQueue<>();
    private final Queue<String> writeFailures = new ConcurrentLinkedQueue<>();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong lastWrite = new AtomicLong(System.nanoTime());
    private final LongAccumulator longestPause = new LongAccumulator(Math::max, 0);
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    Load(ObjectBucket client, long seed) {
        this.client = client;
        this.seed = seed;
    }

    Load start(int writers, int readers) {
        for (int i = 0; i < writers; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().name("writer-" + i).start(() -> write(number)));
        }
        for (int i = 0; i < readers; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().name("reader-" + i).start(() -> read(number)));
        }
        return this;
    }

    private void write(int number) {
        SplittableRandom random = new SplittableRandom(seed + number);
        int generation = 0;
        while (!stopping) {
            String key = number + "/" + random.nextInt(KEYS);
            generation++;
            int dice = random.nextInt(100);
            if (dice < 15) {
                step(key, Write.NOTHING, () -> client.delete(key));
            } else {
                int length = dice < 80
                        ? random.nextInt(40_000)
                        : dice < 98 ? 270_000 + random.nextInt(2_000_000) : PART_BYTES + random.nextInt(PART_BYTES);
                byte[] bytes = Content.bytes(key, generation, length);
                step(
                        key,
                        new Write(generation, length),
                        dice < 98 ? () -> client.put(key, bytes) : () -> client.putParts(key, bytes, PART_BYTES));
            }
            LockSupport.parkNanos(WRITE_PAUSE_NANOS);
        }
    }

    private void step(String key, Write write, Runnable operation) {
        List<Write> before = state.getOrDefault(key, List.of(Write.NOTHING));
        List<Write> either = new ArrayList<>(before);
        either.add(write);
        state.put(key, List.copyOf(either));
        if (tried(operation) || retried(key, operation)) {
            state.put(key, List.of(write));
            writes.incrementAndGet();
            long now = System.nanoTime();
            longestPause.accumulate(now - lastWrite.getAndSet(now));
        }
    }

    private boolean tried(Runnable operation) {
        try {
            operation.run();
            return true;
        } catch (StorageFault fault) {
            retries.incrementAndGet();
            return false;
        }
    }

    private boolean retried(String key, Runnable operation) {
        try {
            operation.run();
            return true;
        } catch (StorageFault fault) {
            writeFailures.add(key + ": " + fault.getMessage());
            return false;
        }
    }

    private void read(int number) {
        SplittableRandom random = new SplittableRandom(seed + 1000 + number);
        List<String> keys = List.of();
        while (!stopping) {
            if (random.nextInt(50) == 0 || keys.isEmpty()) {
                keys = List.copyOf(state.keySet());
                LockSupport.parkNanos(READ_PAUSE_NANOS);
            } else {
                readOne(keys.get(random.nextInt(keys.size())));
                LockSupport.parkNanos(READ_PAUSE_NANOS);
            }
        }
    }

    private void readOne(String key) {
        try {
            List<Write> before = state.getOrDefault(key, List.of());
            Optional<byte[]> found = client.get(key);
            List<Write> after = state.getOrDefault(key, List.of());
            reads.incrementAndGet();
            if (before.equals(after) && before.stream().noneMatch(write -> matches(key, write, found))) {
                readFailures.add(key + ": neither of " + before + " but " + found.map(bytes -> bytes.length));
            }
        } catch (RuntimeException fault) {
            readFailures.add(key + ": " + fault);
        }
    }

    private static boolean matches(String key, Write write, Optional<byte[]> found) {
        if (write.length() < 0 || found.isEmpty()) {
            return write.length() < 0 && found.isEmpty();
        }
        return found.get().length == write.length()
                && java.util.Arrays.equals(found.get(), Content.bytes(key, write.generation(), write.length()));
    }

    /** Stops the threads; their last operations are finished. */
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Every key that does not hold what was acknowledged, read through the client. */
    List<String> wrong(ObjectBucket through) {
        List<String> wrong = new ArrayList<>();
        state.forEach((key, possible) -> {
            try {
                Optional<byte[]> found = through.get(key);
                if (possible.stream().noneMatch(write -> matches(key, write, found))) {
                    wrong.add(key + ": none of " + possible + " but " + found.map(bytes -> bytes.length));
                }
            } catch (RuntimeException fault) {
                wrong.add(key + ": " + fault);
            }
        });
        return wrong;
    }

    long writes() {
        return writes.get();
    }

    long reads() {
        return reads.get();
    }

    List<String> readFailures() {
        return List.copyOf(readFailures);
    }

    /** Writes that failed twice. */
    List<String> writeFailures() {
        return List.copyOf(writeFailures);
    }

    @Override
    public String toString() {
        return writes + " writes (" + retries + " tried again, " + writeFailures.size() + " failed), " + reads
                + " reads (" + readFailures.size() + " failed), no write for at most "
                + TimeUnit.NANOSECONDS.toMillis(longestPause.get()) + " ms";
    }
}
