package io.cairn.host.cgroup;

import io.cairn.base.Clock;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Enforcement;
import io.cairn.host.Errno;
import io.cairn.host.Holder;
import io.cairn.host.HostFault;
import io.cairn.host.Limits;
import io.cairn.host.MountTable;
import io.cairn.host.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits on version 1, where a rule counts for one group alone, not for groups inside it, and not for what the kernel
 * writes back by itself. Every group whose processes can reach a device gets an equal share of the device's limit, so
 * that all of them together stay within it.
 *
 * <p>Which group will reach a device is not known when the group is made: its processes come later, and their mounts
 * later still. So a new group gets a share of every limit at once, the others' shares are lowered first, and the looks
 * that follow take away what it turned out not to need. The total is never above the limit; for a moment after any
 * container starts it may be below.
 *
 * <p>Safe for many threads; one lock for all of it, which is held for as long as files of groups are written, and never
 * while processes are looked at.
 */
final class ContainerThrottle implements Throttle, ThrottleLoop.Follower {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerThrottle.class);

    /** A group without a process is one whose process is about to come, but not for longer than this. */
    private static final long YOUNG_NANOS = 10_000_000_000L;

    private final MountTable mounts;
    private final GroupTree tree;
    private final RuleFiles files = new BlkioFiles();
    private final Clock clock;
    private final ThrottleLoop loop;
    private final Map<DeviceNumber, Limits> limits = new HashMap<>();
    private final Map<DeviceNumber, Set<Path>> takers = new HashMap<>();
    private final Map<Path, Long> bornNanos = new HashMap<>();
    private final Set<DeviceNumber> warned = new HashSet<>();

    ContainerThrottle(MountTable mounts, GroupTree tree, Clock clock) {
        this.mounts = mounts;
        this.tree = tree;
        this.clock = clock;
        this.loop = new ThrottleLoop(new GroupWatch(tree), this, clock);
    }

    ContainerThrottle started() {
        loop.start();
        return this;
    }

    @Override
    public Enforcement support() {
        return new Enforcement.DirectOnly(tree.root().toString());
    }

    @Override
    public void apply(DeviceNumber device, Limits wanted) {
        if (wanted.isNone()) {
            clear(device);
            return;
        }
        Sight sight = sight();
        synchronized (this) {
            limits.put(device, wanted);
            divide(device, sight);
        }
    }

    @Override
    public synchronized void clear(DeviceNumber device) {
        Set<Path> groups = groups();
        limits.remove(device);
        takers.remove(device);
        warned.remove(device);
        for (Path group : groups) {
            if (rules(group).containsKey(device)) {
                write(group, device, Limits.NONE);
            }
        }
    }

    @Override
    public synchronized void sweep(Set<DeviceNumber> known) {
        for (Path group : tree.all()) {
            for (DeviceNumber device : rules(group).keySet()) {
                if (!known.contains(device) && StaleDevices.isStale(device)) {
                    write(group, device, Limits.NONE);
                }
            }
        }
    }

    @Override
    public synchronized List<Rule> report(DeviceNumber device) {
        var found = new ArrayList<Rule>();
        for (Path group : groups()) {
            Limits rule = rules(group).get(device);
            if (rule != null) {
                found.add(new Rule(group.toString(), device, rule));
            }
        }
        return found;
    }

    @Override
    public synchronized void arrived(List<Path> arrivals) {
        Map<DeviceNumber, Set<Path>> more = new HashMap<>();
        for (DeviceNumber device : limits.keySet()) {
            Set<Path> all = new LinkedHashSet<>(takers.getOrDefault(device, Set.of()));
            all.addAll(arrivals);
            more.put(device, all);
        }
        // First those that wait for nothing but this; nothing runs in them yet, so the others can make room after it.
        for (Path group : arrivals) {
            bornNanos.putIfAbsent(group, clock.nanos());
            limits.forEach((device, limit) -> write(
                    group,
                    device,
                    limit.dividedBy(more.getOrDefault(device, Set.of(group)).size())));
        }
        more.forEach(this::share);
        arrivals.forEach(this::warnIfLate);
    }

    /**
     * The promise is that the rule is there before the process; where the machine was too slow for it, that is said.
     */
    private void warnIfLate(Path group) {
        try {
            String served = GroupFile.read(group.resolve(BlkioFiles.SERVED));
            for (DeviceNumber device : limits.keySet()) {
                long early = BlkioFiles.served(served, device);
                if (early > 0) {
                    LOG.warn("{} made {} operations on device {} before its limit was in force", group, early, device);
                }
            }
        } catch (IOException gone) {
            LOG.debug("{} went as fast as it came", group, gone);
        }
    }

    @Override
    public void look() {
        synchronized (this) {
            bornNanos.keySet().retainAll(groups());
            if (limits.isEmpty()) {
                return;
            }
        }
        Sight sight = sight();
        synchronized (this) {
            limits.keySet().forEach(device -> divide(device, sight));
        }
    }

    /**
     * What was seen: the namespaces of the processes of each group, and then which namespaces hold which devices. In
     * this order a process that leaves our namespace between the two is still taken for one that is in ours.
     */
    private record Sight(Map<Path, List<Long>> inside, Map<DeviceNumber, List<Holder>> holders) {}

    /** Takes milliseconds, so nobody who has the lock looks. */
    private Sight sight() {
        Set<Path> groups;
        synchronized (this) {
            groups = groups();
        }
        Map<Path, List<Long>> inside = new LinkedHashMap<>();
        groups.forEach(group -> inside.put(group, Namespaces.in(group)));
        return new Sight(inside, mounts.holders());
    }

    /** Containers' groups, and those other groups that hold a limited device and were given a rule. */
    private Set<Path> groups() {
        Set<Path> groups = new LinkedHashSet<>(tree.containers());
        takers.values().stream().flatMap(Set::stream).filter(Files::isDirectory).forEach(groups::add);
        return groups;
    }

    private void divide(DeviceNumber device, Sight sight) {
        Set<Long> namespaces = new HashSet<>(Set.of(Namespaces.own()));
        Set<Path> taking = new LinkedHashSet<>();
        for (Holder holder : sight.holders().getOrDefault(device, List.of())) {
            namespaces.add(holder.namespace());
            outsider(device, holder)
                    .filter(group -> !sight.inside().containsKey(group))
                    .ifPresent(taking::add);
        }
        Set<Path> idle = new LinkedHashSet<>();
        for (Path group : groups()) {
            switch (standing(group, sight.inside().get(group), namespaces)) {
                case TAKES -> taking.add(group);
                case EMPTY -> idle.add(group);
                case OUT -> {
                    if (rules(group).containsKey(device)) {
                        write(group, device, Limits.NONE);
                    }
                }
            }
        }
        share(device, taking);
        // Nothing runs in them; if something comes it finds a rule, and the next look counts it.
        Limits limit = limits.getOrDefault(device, Limits.NONE);
        idle.forEach(group -> write(group, device, limit.dividedBy(taking.size() + 1)));
    }

    /** The group of an engine that was not named to us. What is in the root group cannot be limited at all. */
    private Optional<Path> outsider(DeviceNumber device, Holder holder) {
        Optional<String> path = Namespaces.blkioGroup(holder.pid());
        if (path.isPresent() && path.get().equals("/") && warned.add(device)) {
            LOG.warn(
                    "Process {} ({}) has device {} mounted and is in the root control group: no limit holds it",
                    holder.pid(),
                    holder.command(),
                    device);
        }
        return path.filter(name -> !name.equals("/")).map(name -> tree.root().resolve(name.substring(1)));
    }

    /** What a group has to do with a device. */
    private enum Standing {
        /** Its processes can reach it, or may once they have settled. */
        TAKES,
        /** No process is in it. */
        EMPTY,
        /** Its processes cannot reach it. */
        OUT
    }

    /**
     * A process in our own namespace reaches every mount of ours. A group that came after the sight may hold anything.
     */
    private Standing standing(Path group, @Nullable List<Long> inside, Set<Long> namespaces) {
        if (inside == null) {
            return Standing.TAKES;
        }
        if (inside.isEmpty()) {
            Long born = bornNanos.get(group);
            return born != null && clock.nanos() - born < YOUNG_NANOS ? Standing.TAKES : Standing.EMPTY;
        }
        return inside.stream().anyMatch(namespaces::contains) ? Standing.TAKES : Standing.OUT;
    }

    /** Gives each group an equal share. Those that have one already come first: they make room for the others. */
    private void share(DeviceNumber device, Set<Path> taking) {
        Limits limit = limits.get(device);
        Set<Path> before = takers.getOrDefault(device, Set.of());
        if (limit != null && !taking.isEmpty()) {
            Limits share = limit.dividedBy(taking.size());
            taking.stream().filter(before::contains).forEach(group -> write(group, device, share));
            taking.stream().filter(group -> !before.contains(group)).forEach(group -> write(group, device, share));
        }
        takers.put(device, Set.copyOf(taking));
    }

    private Map<DeviceNumber, Limits> rules(Path group) {
        try {
            return files.read(group);
        } catch (IOException gone) {
            if (Files.exists(group)) {
                throw new HostFault("read the limits of " + group + ": " + gone.getMessage(), Errno.EIO, gone);
            }
            return Map.of();
        }
    }

    private void write(Path group, DeviceNumber device, Limits wanted) {
        try {
            files.write(group, device, wanted);
        } catch (IOException failure) {
            // A container that ended, or a device whose rules went with it: nothing is left to be limited.
            if (Files.exists(group) && (!wanted.isNone() || StaleDevices.exists(device))) {
                throw new HostFault(
                        "write the limits of device %s to %s: %s".formatted(device, group, failure.getMessage()),
                        Errno.EIO,
                        failure);
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
