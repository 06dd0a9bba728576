package io.cairn.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk in memory with a volatile cache: what was not forced may be lost, kept in part, reordered and torn at sectors;
 * names that were not synced vanish or reappear. Cuts the power at a chosen operation, and fails syncs and runs out of
 * space when told. Safe for use by many threads.
 */
final class SimulatedDisk implements Disk {
    /** What a crash leaves of what was not synced. */
    enum Crash {
        /** The process died, the machine did not: everything written is there, and still not durable. */
        KILL,
        /** Nothing unsynced survives. */
        DROP,
        /** Any subset of unsynced sectors and names survives. */
        TEAR
    }

    /** A change of one file that is not durable yet. */
    private sealed interface Change {
        record Write(long at, byte[] bytes) implements Change {}

        record Cut(long size) implements Change {}

        record Hole(long at, long length) implements Change {}
    }

    /** A change of a directory that is not durable yet. */
    private record Naming(String directory, List<String> removed, Map<String, Inode> added) {}

    private static final int SECTOR = 512;
    private static final AtomicLong INODES = new AtomicLong();

    /** A file: what is on the platter, what the cache shows, and the difference as a list of changes. */
    private static final class Inode {
        final long number = INODES.incrementAndGet();
        byte[] durable = {};
        byte[] cached = {};
        final List<Change> pending = new ArrayList<>();

        void apply(Change change) {
            cached = applied(cached, change);
            pending.add(change);
        }

        static byte[] applied(byte[] old, Change change) {
            return switch (change) {
                case Change.Write(long at, byte[] bytes) -> {
                    byte[] next =
                            old.length < at + bytes.length ? Arrays.copyOf(old, (int) at + bytes.length) : old.clone();
                    System.arraycopy(bytes, 0, next, (int) at, bytes.length);
                    yield next;
                }
                case Change.Cut(long size) -> Arrays.copyOf(old, (int) size);
                case Change.Hole(long at, long length) -> {
                    byte[] next = old.clone();
                    Arrays.fill(next, (int) at, (int) Math.min(next.length, at + length), (byte) 0);
                    yield next;
                }
            };
        }

        void force() {
            durable = cached;
            pending.clear();
        }

        void tear(SplittableRandom random) {
            byte[] survivor = durable;
            List<Change> pieces = new ArrayList<>();
            for (Change change : pending) {
                if (change instanceof Change.Write(long at, byte[] bytes)) {
                    sectors(at, bytes, pieces);
                } else {
                    pieces.add(change);
                }
            }
            int kept = random.nextInt(5);
            for (Change piece : pieces) {
                if (random.nextInt(4) < kept) {
                    survivor = applied(survivor, piece);
                }
            }
            durable = survivor;
            cached = survivor;
            pending.clear();
        }

        private static void sectors(long at, byte[] bytes, List<Change> pieces) {
            int from = 0;
            while (from < bytes.length) {
                int to = (int) Math.min(bytes.length, (at + from) / SECTOR * SECTOR + SECTOR - at);
                pieces.add(new Change.Write(at + from, Arrays.copyOfRange(bytes, from, to)));
                from = to;
            }
        }
    }

    private final Map<String, Inode> durableNames = new TreeMap<>();
    private final Map<String, Inode> names = new TreeMap<>();
    private final Set<String> directories = new HashSet<>(Set.of(""));
    private final List<Naming> namings = new ArrayList<>();
    private long capacity = Long.MAX_VALUE;
    private long operationsLeft = Long.MAX_VALUE;
    private long operations;
    private boolean failingForce;
    private boolean dead;
    private boolean locked;

    /** Cuts the power at the n-th changing operation from now on. */
    synchronized void cutAfter(long count) {
        operationsLeft = count;
    }

    synchronized long operations() {
        return operations;
    }

    synchronized void failNextForce() {
        failingForce = true;
    }

    synchronized void limitCapacity(long bytes) {
        capacity = bytes;
    }

    /** Crashes the machine or the process, and starts it again. Handles that were open are dead. */
    synchronized void crash(Crash mode, SplittableRandom random) {
        operationsLeft = Long.MAX_VALUE;
        dead = false;
        locked = false;
        failingForce = false;
        if (mode == Crash.KILL) {
            return;
        }
        Map<String, Inode> survivors = new TreeMap<>(durableNames);
        for (Naming naming : namings) {
            if (mode == Crash.TEAR && random.nextBoolean()) {
                naming.removed().forEach(survivors::remove);
                survivors.putAll(naming.added());
            }
        }
        namings.clear();
        names.clear();
        names.putAll(survivors);
        durableNames.clear();
        durableNames.putAll(survivors);
        for (Inode inode : new HashSet<>(names.values())) {
            if (mode == Crash.TEAR) {
                inode.tear(random);
            } else {
                inode.cached = inode.durable;
                inode.pending.clear();
            }
        }
    }

    /** Changes one byte of a file, as a bad disk would. */
    synchronized void flip(String name, int at) {
        Inode inode = names.get(name);
        inode.cached = inode.cached.clone();
        inode.cached[at] ^= 0x10;
        inode.durable = inode.cached;
    }

    synchronized byte[] bytes(String name) {
        return names.get(name).cached.clone();
    }

    /**
     * True when the operation may begin; a power cut takes effect before or after it, by chance of the operation's
     * number.
     */
    private void operation(Runnable effect) {
        if (dead) {
            throw new PowerCut();
        }
        operations++;
        if (--operationsLeft <= 0) {
            dead = true;
            if (operations % 2 == 0) {
                effect.run();
            }
            throw new PowerCut();
        }
        effect.run();
    }

    private static String parent(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    private void rename(List<String> removed, Map<String, Inode> added, String directory) {
        removed.forEach(names::remove);
        names.putAll(added);
        namings.add(new Naming(directory, removed, added));
    }

    @Override
    public synchronized void createDirectory(String name) {
        directories.add(name);
    }

    @Override
    public synchronized List<String> list(String directory) {
        return names.keySet().stream()
                .filter(name -> parent(name).equals(directory))
                .map(name -> name.substring(directory.isEmpty() ? 0 : directory.length() + 1))
                .toList();
    }

    @Override
    public synchronized boolean exists(String name) {
        return names.containsKey(name) || directories.contains(name);
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        if (names.containsKey(name)) {
            throw new IOException(name + " exists");
        }
        if (usable() < SECTOR) {
            throw new IOException("No space left on device");
        }
        Inode inode = new Inode();
        operation(() -> rename(List.of(), Map.of(name, inode), parent(name)));
        return new Handle(inode);
    }

    @Override
    public synchronized DiskFile open(String name, boolean writable) throws IOException {
        Inode inode = names.get(name);
        if (inode == null) {
            throw new IOException(name + " does not exist");
        }
        return new Handle(inode);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        Inode inode = names.get(from);
        if (inode == null) {
            throw new IOException(from + " does not exist");
        }
        operation(() -> rename(List.of(from), Map.of(to, inode), parent(to)));
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        if (!names.containsKey(name)) {
            throw new IOException(name + " does not exist");
        }
        operation(() -> rename(List.of(name), Map.of(), parent(name)));
    }

    @Override
    public synchronized void syncDirectory(String directory) {
        operation(() -> {
            durableNames.keySet().removeIf(name -> parent(name).equals(directory));
            names.forEach((name, inode) -> {
                if (parent(name).equals(directory)) {
                    durableNames.put(name, inode);
                }
            });
            namings.removeIf(naming -> naming.directory().equals(directory));
        });
    }

    @Override
    public synchronized Optional<String> stamp(String name) {
        return Optional.ofNullable(names.get(name)).map(inode -> "inode " + inode.number);
    }

    @Override
    public synchronized boolean lock(String name) {
        boolean free = !locked;
        locked = true;
        return free;
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public synchronized long usable() {
        long used = 0;
        for (Inode inode : names.values()) {
            used += inode.cached.length;
        }
        return Math.max(0, capacity - used);
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public synchronized void close() {
        locked = false;
    }

    private final class Handle implements DiskFile {
        private final Inode inode;

        Handle(Inode inode) {
            this.inode = inode;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            synchronized (SimulatedDisk.this) {
                int count = (int) Math.max(0, Math.min(target.remaining(), inode.cached.length - position));
                if (count > 0) {
                    target.put(inode.cached, (int) position, count);
                }
                return count;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                long growth = Math.max(0, position + bytes.length - inode.cached.length);
                if (growth > usable()) {
                    int fits = (int) Math.max(0, bytes.length - (growth - usable()));
                    operation(() -> inode.apply(new Change.Write(position, Arrays.copyOf(bytes, fits))));
                    throw new IOException("No space left on device");
                }
                operation(() -> inode.apply(new Change.Write(position, bytes)));
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (SimulatedDisk.this) {
                if (failingForce) {
                    failingForce = false;
                    // As Linux does it: the pages are marked clean, the next sync reports nothing, the bytes are lost.
                    inode.pending.clear();
                    throw new IOException("Input/output error");
                }
                operation(inode::force);
            }
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                return inode.cached.length;
            }
        }

        @Override
        public void truncate(long size) {
            synchronized (SimulatedDisk.this) {
                operation(() -> inode.apply(new Change.Cut(size)));
            }
        }

        @Override
        public void punch(long offset, long length) {
            synchronized (SimulatedDisk.this) {
                operation(() -> inode.apply(new Change.Hole(offset, length)));
            }
        }

        @Override
        public void dropCache() {}

        @Override
        public void close() {}
    }
}
