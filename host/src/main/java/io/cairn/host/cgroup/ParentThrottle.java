package io.cairn.host.cgroup;

import io.cairn.base.Clock;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Enforcement;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.Limits;
import io.cairn.host.Throttle;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Limits on version 2: one rule on the parent of all containers holds all of them together, buffered writes included.
 * Engines use one parent of several that are possible, so each that is there gets the rule. systemd may take the
 * controller away from groups that it did not give it to (with the rules): the regular look puts both back. Safe for
 * many threads; one lock for all of it.
 */
final class ParentThrottle implements Throttle, ThrottleLoop.Follower {
    private final GroupTree tree;
    private final RuleFiles files = new IoMaxFile();
    private final ThrottleLoop loop;
    private final Map<DeviceNumber, Limits> limits = new HashMap<>();

    ParentThrottle(GroupTree tree, Clock clock) {
        this.tree = tree;
        this.loop = new ThrottleLoop(new GroupWatch(tree), this, clock);
    }

    ParentThrottle started() {
        loop.start();
        return this;
    }

    @Override
    public synchronized Enforcement support() {
        try {
            return new Enforcement.Total(ready().stream().map(Path::toString).collect(Collectors.joining(", ")));
        } catch (HostFault refused) {
            return new Enforcement.Unavailable(refused.getMessage());
        }
    }

    @Override
    public synchronized void apply(DeviceNumber device, Limits wanted) {
        if (wanted.isNone()) {
            clear(device);
            return;
        }
        limits.put(device, wanted);
        for (Path parent : ready()) {
            hold(parent, device, wanted);
        }
    }

    private void hold(Path parent, DeviceNumber device, Limits wanted) {
        if (wanted.equals(rules(parent).get(device))) {
            return;
        }
        write(parent, device, wanted);
        Limits held = rules(parent).getOrDefault(device, Limits.NONE);
        if (!held.equals(wanted)) {
            throw new HostFault(
                    "limit device %s in %s: asked for %s, the kernel holds it to %s"
                            .formatted(device, parent, wanted, held),
                    Errno.EINVAL);
        }
    }

    @Override
    public synchronized void clear(DeviceNumber device) {
        limits.remove(device);
        for (Path parent : tree.parents()) {
            if (rules(parent).containsKey(device)) {
                write(parent, device, Limits.NONE);
            }
        }
    }

    @Override
    public synchronized void sweep(Set<DeviceNumber> known) {
        for (Path parent : tree.parents()) {
            for (DeviceNumber device : rules(parent).keySet()) {
                if (!known.contains(device) && StaleDevices.isStale(device)) {
                    write(parent, device, Limits.NONE);
                }
            }
        }
    }

    @Override
    public synchronized List<Rule> report(DeviceNumber device) {
        var found = new ArrayList<Rule>();
        for (Path parent : tree.parents()) {
            Limits rule = rules(parent).get(device);
            if (rule != null) {
                found.add(new Rule(parent.toString(), device, rule));
            }
        }
        return found;
    }

    @Override
    public void arrived(List<Path> groups) {
        // They are below a parent that has the rules.
    }

    @Override
    public synchronized void look() {
        if (!limits.isEmpty()) {
            for (Path parent : ready()) {
                limits.forEach((device, wanted) -> hold(parent, device, wanted));
            }
        }
    }

    /**
     * The parents that are there, each with the controller. Docker's own is made, so that its first container is held.
     */
    private List<Path> ready() {
        make(tree.root().resolve(GroupTree.DOCKER));
        List<Path> there = tree.parents().stream().filter(Files::isDirectory).toList();
        there.forEach(this::giveController);
        return there;
    }

    private static void make(Path group) {
        try {
            if (!Files.isDirectory(group)) {
                Files.createDirectory(group);
            }
        } catch (FileAlreadyExistsException faster) {
            // The engine made it.
        } catch (IOException failure) {
            throw new HostFault("make the control group " + group + ": " + failure, Errno.EACCES, failure);
        }
    }

    private void giveController(Path parent) {
        if (Files.exists(parent.resolve(IoMaxFile.NAME))) {
            return;
        }
        for (Path above : above(parent)) {
            Path file = above.resolve("cgroup.subtree_control");
            try {
                if (!Hierarchy.words(file).contains("io")) {
                    GroupFile.write(file, "+io");
                }
            } catch (IOException failure) {
                throw new HostFault(
                        "give the io controller to the groups in %s: %s".formatted(above, failure.getMessage()),
                        Errno.EBUSY,
                        failure);
            }
        }
    }

    /** The root, and what is between it and the group. */
    private List<Path> above(Path group) {
        var found = new ArrayList<Path>();
        for (Path each = group.getParent(); each != null && each.startsWith(tree.root()); each = each.getParent()) {
            found.addFirst(each);
        }
        return found;
    }

    private Map<DeviceNumber, Limits> rules(Path parent) {
        try {
            Path file = parent.resolve(IoMaxFile.NAME);
            return Files.exists(file) ? files.read(parent) : Map.of();
        } catch (IOException failure) {
            if (Files.exists(parent.resolve(IoMaxFile.NAME))) {
                throw new HostFault("read the limits of " + parent + ": " + failure.getMessage(), Errno.EIO, failure);
            }
            return Map.of();
        }
    }

    private void write(Path parent, DeviceNumber device, Limits wanted) {
        try {
            files.write(parent, device, wanted);
        } catch (IOException failure) {
            if (!wanted.isNone() || StaleDevices.exists(device)) {
                throw new HostFault(
                        "write the limits of device %s to %s: %s".formatted(device, parent, failure.getMessage()),
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
