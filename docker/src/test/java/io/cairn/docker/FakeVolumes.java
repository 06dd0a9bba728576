package io.cairn.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Volumes that are only names and counts, and that may be slow. Safe for use by many threads. */
final class FakeVolumes implements DriverVolumes {
    final Map<String, Map<String, String>> volumes = new ConcurrentSkipListMap<>();
    final Map<String, Integer> holders = new ConcurrentHashMap<>();

    /** Mounts begin, and wait until the second may go on. */
    final CountDownLatch mountBegun = new CountDownLatch(1);

    volatile CountDownLatch mountMayEnd = new CountDownLatch(0);

    private static void requireKnown(boolean known, String name) {
        if (!known) {
            throw new PluginRefusal("no such volume: " + name);
        }
    }

    private DriverVolume volume(String name) {
        return new DriverVolume(
                name,
                "/mnt/" + name + "/data",
                "2026-11-22T12:26:36Z",
                Map.of("size", 5L, "nested", Map.of("b", List.of("x", true), "a", 1L)));
    }

    @Override
    public Optional<DriverVolume> find(String name) {
        return volumes.containsKey(name) ? Optional.of(volume(name)) : Optional.empty();
    }

    @Override
    public Optional<String> mountpoint(String name) {
        return find(name).map(DriverVolume::mountpoint);
    }

    @Override
    public List<DriverVolume> list() {
        return volumes.keySet().stream()
                .map(name -> new DriverVolume(name, "/mnt/" + name + "/data", "2026-11-22T12:26:36Z", Map.of()))
                .toList();
    }

    @Override
    public void create(String name, Map<String, String> options) {
        if (options.containsKey("sise")) {
            throw new PluginRefusal("unknown option \"sise\"; did you mean size?");
        }
        volumes.put(name, options);
    }

    @Override
    public void remove(String name) {
        requireKnown(volumes.remove(name) != null, name);
    }

    @Override
    public String mount(String name, String holder) {
        requireKnown(volumes.containsKey(name), name);
        mountBegun.countDown();
        try {
            if (!mountMayEnd.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test forgot the mount");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        holders.merge(name + " " + holder, 1, Integer::sum);
        return volume(name).mountpoint();
    }

    @Override
    public void unmount(String name, String holder) {
        holders.computeIfPresent(name + " " + holder, (_, count) -> count == 1 ? null : count - 1);
    }
}
