package io.cairn.volumes;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Holder;
import io.cairn.host.HostFault;
import io.cairn.volumes.keys.KeyFault;
import io.cairn.volumes.registry.Entry;
import io.cairn.volumes.registry.Mounting;
import io.cairn.volumes.registry.Phase;
import io.cairn.volumes.spec.VolumeId;
import io.cairn.volumes.spec.VolumeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compares the registry with what the kernel has, and puts right what it may. The ground truth for "in use" is who has
 * the device mounted, in any namespace: references that nobody has stood behind for long are dropped, and a volume
 * without references is unmounted when no namespace has it any more. Volumes that are busy are left for the next time.
 */
final class Reconciler {
    private final Core core;
    private final Mounter mounter;
    private final Holding holding;
    private final Recovery recovery;
    private final Leftovers leftovers;
    private final Map<VolumeId, Long> unheldSince = new ConcurrentHashMap<>();

    Reconciler(Core core, Mounter mounter, Holding holding, Recovery recovery) {
        this.core = core;
        this.mounter = mounter;
        this.holding = holding;
        this.recovery = recovery;
        this.leftovers = new Leftovers(core);
    }

    synchronized Reconciliation run() {
        var repairs = new ArrayList<String>();
        var problems = new ArrayList<>(core.pools().open());
        for (Entry entry : core.registry().all()) {
            Optional<String> unavailable = entry.pool().problem();
            if (unavailable.isPresent()) {
                if (!problems.contains(unavailable.get())) {
                    problems.add(unavailable.get());
                }
            } else {
                var _ = core.locks().within(Duration.ZERO, entry.id(), () -> {
                    settle(entry.id(), repairs, problems);
                    return true;
                });
            }
        }
        guarded(problems, () -> leftovers.release(repairs, problems));
        guarded(problems, () -> core.host().throttle().sweep(leftovers.devices()));
        return new Reconciliation(repairs, problems);
    }

    private static void guarded(List<String> problems, Runnable work) {
        try {
            work.run();
        } catch (HostFault | VolumesFault | KeyFault failure) {
            problems.add(failure.getMessage());
        }
    }

    private void settle(VolumeId id, List<String> repairs, List<String> problems) {
        guarded(problems, () -> {
            if (core.registry().find(id).isPresent()) {
                repairs.addAll(recovery.settle(id));
            }
            core.registry()
                    .find(id)
                    .filter(entry -> entry.record().phase() == Phase.READY)
                    .ifPresent(entry -> references(entry, repairs));
        });
    }

    private void references(Entry entry, List<String> repairs) {
        Mounting mounting = entry.record().mounting();
        String name = "volume '" + entry.record().name() + "'";
        if (mounting.references() > 0) {
            unheld(entry).ifPresent(why -> {
                unheldSince.remove(entry.id());
                Entry dropped = core.write(entry, entry.record().with(mounting.unheld()));
                repairs.add("dropped %d reference%s to %s: %s"
                        .formatted(mounting.references(), mounting.references() == 1 ? "" : "s", name, why));
                idle(dropped, name, repairs);
            });
        } else {
            unheldSince.remove(entry.id());
            idle(entry, name, repairs);
        }
    }

    /** Takes down what nobody refers to. */
    private void idle(Entry entry, String name, List<String> repairs) {
        boolean there = entry.record().mounting().attached() || present(entry);
        if (there && holding.unmount(entry)) {
            repairs.add("unmounted " + name + ", which nobody had");
        }
    }

    /** True when the kernel has something of the volume, whatever its record says. */
    private boolean present(Entry entry) {
        return mounter.mount(entry).isPresent()
                || entry.record().spec().source() instanceof VolumeSource.Image
                        && mounter.loopOf(entry).isPresent();
    }

    /** Why the references of a volume are void, if they are. */
    private Optional<String> unheld(Entry entry) {
        boolean mounted = mounter.mount(entry).isPresent();
        Optional<DeviceNumber> device = mounter.device(entry);
        List<Holder> elsewhere = mounter.elsewhere(entry);
        if (!mounted && elsewhere.isEmpty() && (device.isEmpty() || !isImage(entry))) {
            return Optional.of("it is not attached, so nobody can have it");
        }
        boolean bind = entry.record().spec().source() instanceof VolumeSource.Bind;
        if (!elsewhere.isEmpty() || bind) {
            unheldSince.remove(entry.id());
            return Optional.empty();
        }
        long now = core.clock().nanos();
        Long since = unheldSince.putIfAbsent(entry.id(), now);
        return since != null && now - since >= core.options().leakAge().toNanos()
                ? Optional.of("no mount namespace has had it for " + Durations.words(now - since))
                : Optional.empty();
    }

    private static boolean isImage(Entry entry) {
        return entry.record().spec().source() instanceof VolumeSource.Image;
    }
}
