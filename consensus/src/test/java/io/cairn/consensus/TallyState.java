package io.cairn.consensus;

import io.cairn.model.ReplicatedState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A state that counts how often each command was applied and numbers the applications; the answer to a command is its
 * number. Only flushes reach the file, so that a reopened one has to be replayed.
 */
final class TallyState implements ReplicatedState {
    final Map<String, Integer> counts = new ConcurrentHashMap<>();
    final AtomicInteger restores = new AtomicInteger();
    private final Path file;
    private volatile long applied = -1;
    private long number;
    private volatile boolean closed;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private TallyState(Path directory) {
        file = directory.resolve("tally");
    }

    static TallyState open(RatisMember member) {
        return open(member.stateDirectory());
    }

    static TallyState open(Path directory) {
        try {
            Files.createDirectories(directory);
            TallyState state = new TallyState(directory);
            if (Files.exists(state.file)) {
                state.load(state.file);
            }
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on no entry is applied until {@link #answer}. */
    void hang() {
        gate = new CountDownLatch(1);
    }

    void answer() {
        gate.countDown();
    }

    /** As a system call on a disk that hangs: an interrupt does not end it. */
    private void awaitAnswer() {
        boolean interrupted = false;
        while (gate.getCount() > 0) {
            try {
                gate.await();
            } catch (InterruptedException kept) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    int count(String command) {
        return counts.getOrDefault(command, 0);
    }

    boolean closed() {
        return closed;
    }

    @Override
    public long appliedIndex() {
        return applied;
    }

    @Override
    public synchronized List<byte[]> apply(long index, List<byte[]> commands) {
        awaitAnswer();
        if (index <= applied) {
            throw new IllegalStateException("entry " + index + " passed again, applied " + applied);
        }
        List<byte[]> outcomes = new ArrayList<>();
        for (byte[] command : commands) {
            String text = new String(command, StandardCharsets.UTF_8);
            counts.merge(text.length() > 80 ? text.substring(0, 80) : text, 1, Integer::sum);
            outcomes.add(Long.toString(number++).getBytes(StandardCharsets.UTF_8));
        }
        applied = index;
        return outcomes;
    }

    @Override
    public synchronized void skip(long index) {
        applied = index;
    }

    @Override
    public synchronized long flush() {
        store(file);
        return applied;
    }

    @Override
    public synchronized long checkpoint(Path directory) {
        store(directory.resolve("tally"));
        return applied;
    }

    @Override
    public synchronized void restore(Path directory) {
        try {
            restores.incrementAndGet();
            load(directory.resolve("tally"));
            store(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private void store(Path target) {
        Path fresh = target.resolveSibling("tally.new");
        try {
            try (DataOutputStream out =
                    new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(fresh)))) {
                out.writeLong(applied);
                out.writeLong(number);
                out.writeInt(counts.size());
                for (Map.Entry<String, Integer> entry : counts.entrySet()) {
                    out.writeUTF(entry.getKey());
                    out.writeInt(entry.getValue());
                }
            }
            DurableFiles.syncFile(fresh);
            Files.move(fresh, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncDirectory(target.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load(Path source) throws IOException {
        try (DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(source)))) {
            applied = in.readLong();
            number = in.readLong();
            counts.clear();
            int size = in.readInt();
            for (int i = 0; i < size; i++) {
                counts.put(in.readUTF(), in.readInt());
            }
        }
    }
}
