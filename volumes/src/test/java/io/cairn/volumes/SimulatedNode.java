package io.cairn.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Loop;
import io.cairn.host.MountEntry;
import io.cairn.testkit.ManualClock;
import io.cairn.volumes.keys.KeyProvider;
import io.cairn.volumes.keys.KeySource;
import io.cairn.volumes.registry.RegistryFiles;
import io.cairn.volumes.registry.VolumeRecord;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeName;
import io.cairn.volumes.spec.VolumesConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A host with volumes that can be killed before any step: the {@link SimulatedKernel}, a pool in a directory, and a
 * daemon that is opened again and again. For one thread.
 */
final class SimulatedNode implements AutoCloseable {
    static final VolumeName V = new VolumeName("orders");
    static final VolumeName W = new VolumeName("copy");
    static final HolderId A = new HolderId("a");
    static final SnapshotName S = new SnapshotName("s");

    final SimulatedKernel kernel = new SimulatedKernel();
    final ManualClock clock = new ManualClock(Instant.parse("2026-11-22T12:00:00Z"));
    final Path directory;
    private final Entropy entropy = Entropy.seeded(42);
    private final KeyProvider keys;
    private final UnaryOperator<RegistryFiles> disturbed;
    private int killBefore = Integer.MAX_VALUE;
    private int steps;
    private boolean killed;
    private Volumes volumes;

    /** What a killed daemon does not survive. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    SimulatedNode(Path directory) {
        this(directory, files -> files);
    }

    /** {@code disturbed} may leave out writes, to see whether anybody notices. */
    SimulatedNode(Path directory, UnaryOperator<RegistryFiles> disturbed) {
        this.directory = directory;
        this.disturbed = disturbed;
        keys = new KeySource.KeyFile(directory.resolve("master.key")).open(Clock.system(), Entropy.secure());
        open();
    }

    Volumes volumes() {
        return volumes;
    }

    Path pool() {
        return directory.resolve("pool");
    }

    void open() {
        killed = false;
        Steps hook = Steps.with((_, _) -> {
            if (killed || ++steps >= killBefore) {
                killed = true;
                throw new Killed();
            }
        });
        volumes = Volumes.prepare(
                VolumesOptions.of(directory.resolve("state"), directory.resolve("mnt"), VolumesConfig.shipped(pool())),
                hook.host(kernel.host()),
                hook.files(disturbed.apply(new QuickFiles())),
                keys,
                clock,
                entropy,
                hook);
    }

    /** Runs work and kills the daemon before its n-th step; true when it got that far. */
    boolean killing(int step, Runnable work) {
        steps = 0;
        killBefore = step;
        try {
            work.run();
        } catch (Killed | IllegalStateException death) {
            if (!killed) {
                throw death;
            }
        } finally {
            killBefore = Integer.MAX_VALUE;
        }
        return killed;
    }

    /** The daemon is gone, and perhaps the power with it; a new one starts. */
    void restart(boolean power) {
        if (power) {
            kernel.losePower();
        } else {
            kernel.killDaemon();
        }
        volumes.close();
        open();
    }

    /** A container sees the volume's filesystem from its own namespace. */
    void startContainer(String name, VolumeName volume) {
        Path target = volumes.find(volume).orElseThrow().mountpoint().getParent();
        kernel.containers.put(
                name,
                kernel.mounts.stream()
                        .filter(mount -> mount.target().equals(target))
                        .map(MountEntry::device)
                        .findFirst()
                        .orElseThrow());
    }

    void stopContainer(String name) {
        DeviceNumber device = kernel.containers.remove(name);
        if (device != null && !kernel.inUse(device) && kernel.loops.containsKey(kernel.loopUnder(device))) {
            var content = SimulatedKernel.read(kernel.loop(device).image);
            content.remove("dirty");
            SimulatedKernel.write(kernel.loop(device).image, content);
        }
    }

    void passTime(Duration span) {
        clock.advance(span);
        volumes.reconcile();
    }

    /** What must hold whenever nothing goes on: nothing leaked, nothing half-made, nothing done that must not be. */
    void check() {
        assertEquals(List.of(), kernel.violations);
        assertEquals(List.of(), kernel.frozen, "frozen");
        List<String> held = volumes.list().stream()
                .filter(VolumeView::mounted)
                .map(view -> view.id().text())
                .toList();
        for (Loop loop : new SimulatedLoops(kernel).all()) {
            assertTrue(held.stream().anyMatch(loop.backingName()::contains), "leaked " + loop);
        }
        kernel.mappings.keySet().forEach(name -> assertTrue(held.contains(name.substring("cairn-".length())), name));
        for (MountEntry mount : kernel.mounts) {
            assertTrue(held.stream().anyMatch(mount.target().toString()::contains), "leaked " + mount);
        }
        for (DeviceNumber device : kernel.rules.keySet()) {
            assertTrue(kernel.inUse(device), "a rule for " + device + ", which nobody has");
        }
        List<String> known =
                volumes.list().stream().map(view -> view.id().text()).sorted().toList();
        assertEquals(known, names(pool().resolve("volumes")));
        for (VolumeView view : volumes.list()) {
            checkFiles(view);
        }
    }

    private void checkFiles(VolumeView view) {
        Path volume = pool().resolve("volumes").resolve(view.id().text());
        VolumeRecord record;
        try {
            record = VolumeRecord.decode(Files.readAllBytes(volume.resolve("volume.json")));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (view.kind().equals("image")) {
            assertEquals(
                    record.snapshots().stream()
                            .map(each -> each.id().text())
                            .sorted()
                            .toList(),
                    names(volume.resolve("snapshots")));
            assertEquals(List.of("image", "snapshots", "volume.json"), names(volume));
            if (view.encrypted()) {
                assertEquals(
                        1, SimulatedEncryption.slots(volume.resolve("image")).size(), "key slots");
            }
        }
    }

    static List<String> names(Path path) {
        try (var entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The image's text, for what a rollback brings back. */
    String content(VolumeName name, String key) {
        Path image = pool().resolve("volumes")
                .resolve(volumes.find(name).orElseThrow().id().text())
                .resolve("image");
        return SimulatedKernel.read(image).getOrDefault(key, "");
    }

    void setContent(VolumeName name, String key, String value) {
        Path image = pool().resolve("volumes")
                .resolve(volumes.find(name).orElseThrow().id().text())
                .resolve("image");
        SimulatedKernel.set(image, key, value);
    }

    /** Everybody lets go, and everything is removed: then nothing at all may be left. */
    void removeAll() {
        List.copyOf(kernel.containers.keySet()).forEach(this::stopContainer);
        for (VolumeView view : volumes.list()) {
            for (var holder :
                    volumes.status(view.name()).orElseThrow().holders().entrySet()) {
                for (int i = 0; i < holder.getValue(); i++) {
                    done(volumes.release(view.name(), new HolderId(holder.getKey())));
                }
            }
        }
        for (VolumeView view : volumes.list()) {
            done(volumes.remove(view.name(), true));
        }
        check();
        assertEquals(List.of(), names(pool().resolve("volumes")));
        assertEquals(0, kernel.loops.size() + kernel.mounts.size() + kernel.mappings.size() + kernel.rules.size());
        assertEquals(List.of(), Files.exists(directory.resolve("mnt")) ? names(directory.resolve("mnt")) : List.of());
    }

    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Refused<T>(Refusal refusal) -> throw new AssertionError(refusal);
        };
    }

    static Refusal refused(Outcome<?> outcome) {
        return outcome.whenRefused().orElseThrow(() -> new AssertionError("done: " + outcome));
    }

    @Override
    public void close() {
        volumes.close();
        keys.close();
    }
}
