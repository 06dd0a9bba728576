package io.cairn.backup;

import io.cairn.repository.store.Area;
import io.cairn.repository.store.Backend;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A place for repositories in memory, whose user can be "killed": from some call on nothing that it asks for is done.
 * Safe for use by many threads.
 */
public final class MemoryBackend implements Backend {
    static {
        System.setProperty("cairn.repository.settleMillis", "0");
    }

    private final Map<FileName, byte[]> files;
    private final AtomicInteger left;

    public MemoryBackend() {
        this(new ConcurrentHashMap<>(), new AtomicInteger(Integer.MAX_VALUE));
    }

    private MemoryBackend(Map<FileName, byte[]> files, AtomicInteger left) {
        this.files = files;
        this.left = left;
    }

    /** The same files, for a user that is killed at that call. */
    public MemoryBackend killedAt(int call) {
        return new MemoryBackend(files, new AtomicInteger(call));
    }

    /** Another copy of the files. */
    public MemoryBackend copy() {
        return new MemoryBackend(new ConcurrentHashMap<>(files), new AtomicInteger(Integer.MAX_VALUE));
    }

    /** How many calls were left of those that it was given. */
    public int left() {
        return left.get();
    }

    /** Removes everything that restic's format does not know. */
    public void forgetAside() {
        files.keySet().removeIf(name -> name.area().directory().startsWith("cairn/"));
    }

    /** Flips a bit of every file of an area. */
    public void damage(Area area) {
        files.forEach((name, content) -> {
            if (name.area() == area) {
                content[content.length / 2] ^= 1;
            }
        });
    }

    /** Every byte that was stored, for a search. */
    public Iterable<byte[]> contents() {
        return files.values();
    }

    private void call() {
        if (left.getAndDecrement() <= 0) {
            left.set(0);
            throw new RepositoryFault.Unavailable("killed", false);
        }
    }

    @Override
    public void save(FileName name, byte[] content, int length) {
        call();
        files.put(name, Arrays.copyOf(content, length));
    }

    @Override
    public boolean saveIfAbsent(FileName name, byte[] content) {
        call();
        return files.putIfAbsent(name, content.clone()) == null;
    }

    @Override
    public byte[] load(FileName name) {
        call();
        byte[] content = files.get(name);
        if (content == null) {
            throw new RepositoryFault.Missing("there is no " + name);
        }
        return content.clone();
    }

    @Override
    public void read(FileName name, long offset, byte[] target, int at, int length) {
        byte[] content = load(name);
        if (offset + length > content.length) {
            throw new RepositoryFault.Damaged(name + " is shorter");
        }
        System.arraycopy(content, (int) offset, target, at, length);
    }

    @Override
    public Map<String, Long> list(Area area) {
        call();
        Map<String, Long> found = new HashMap<>();
        files.forEach((name, content) -> {
            if (name.area() == area) {
                found.put(name.name(), (long) content.length);
            }
        });
        return found;
    }

    @Override
    public void delete(FileName name) {
        call();
        files.remove(name);
    }

    @Override
    public void prepare() {}

    @Override
    public boolean writesEndWithProcess() {
        return true;
    }

    @Override
    public String place() {
        return "memory";
    }
}
