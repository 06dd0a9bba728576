package io.cairn.repository.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** A backend in memory, which fails where a test says so. Safe for use by many threads. */
public final class FaultyMemory implements Backend {
    /** What is done to the backend. */
    public enum Call {
        SAVE,
        LOAD,
        LIST,
        DELETE
    }

    private final Map<FileName, byte[]> files = new ConcurrentHashMap<>();
    private volatile BiFunction<Call, FileName, Optional<RepositoryFault>> faults = (_, _) -> Optional.empty();

    /** From now on, each call first asks for a fault. */
    public void failWith(BiFunction<Call, FileName, Optional<RepositoryFault>> source) {
        faults = source;
    }

    private void maybeFail(Call call, FileName name) {
        faults.apply(call, name).ifPresent(fault -> {
            throw fault;
        });
    }

    @Override
    public void save(FileName name, byte[] content, int length) {
        maybeFail(Call.SAVE, name);
        files.put(name, java.util.Arrays.copyOf(content, length));
    }

    @Override
    public boolean saveIfAbsent(FileName name, byte[] content) {
        maybeFail(Call.SAVE, name);
        return files.putIfAbsent(name, content.clone()) == null;
    }

    @Override
    public byte[] load(FileName name) {
        maybeFail(Call.LOAD, name);
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
        maybeFail(Call.LIST, FileName.CONFIG);
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
        maybeFail(Call.DELETE, name);
        files.remove(name);
    }

    @Override
    public void prepare() {
        if (files.containsKey(FileName.CONFIG)) {
            throw new RepositoryFault.Refused("there is a repository already");
        }
    }

    /** Changes one bit of a file. */
    public void flip(FileName name, int bit) {
        byte[] content = load(name);
        content[bit / 8] ^= (byte) (1 << bit % 8);
        files.put(name, content);
    }

    @Override
    public boolean writesEndWithProcess() {
        return true;
    }

    @Override
    public String place() {
        return "memory";
    }
}
