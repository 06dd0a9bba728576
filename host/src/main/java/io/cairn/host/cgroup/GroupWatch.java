package io.cairn.host.cgroup;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Says when groups of containers come and go, by inotify. Each group is watched before its children are listed, so that
 * none is missed; one may be reported twice. For one thread, but {@link #close} may come from another.
 */
final class GroupWatch implements AutoCloseable {
    private final GroupTree tree;
    private final WatchService service;
    private final Map<WatchKey, Path> watched = new HashMap<>();

    /** What happened: groups that came, and whether any went. */
    record News(List<Path> arrived, boolean any) {
        static final News NONE = new News(List.of(), false);
    }

    GroupWatch(GroupTree tree) {
        this.tree = tree;
        try {
            service = FileSystems.getDefault().newWatchService();
        } catch (IOException failure) {
            throw new HostFault(
                    "watch the control groups: " + failure.getMessage()
                            + "; fs.inotify.max_user_instances may be too low",
                    Errno.EAGAIN,
                    failure);
        }
        watch(tree.root(), new ArrayList<>());
    }

    /** Waits for news, not longer than this. */
    News await(Duration bound) throws InterruptedException {
        try {
            WatchKey key = service.poll(bound.toNanos(), TimeUnit.NANOSECONDS);
            if (key == null) {
                return News.NONE;
            }
            var arrived = new ArrayList<Path>();
            for (; key != null; key = service.poll()) {
                read(key, arrived);
            }
            return new News(arrived, true);
        } catch (ClosedWatchServiceException closed) {
            return News.NONE;
        }
    }

    private void read(WatchKey key, List<Path> arrived) {
        Path group = watched.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
                watch(tree.root(), arrived);
            } else if (event.kind() == StandardWatchEventKinds.ENTRY_CREATE
                    && group != null
                    && event.context() instanceof Path name) {
                watch(group.resolve(name), arrived);
            }
        }
        if (!key.reset()) {
            watched.remove(key);
        }
    }

    private void watch(Path group, List<Path> arrived) {
        boolean container = tree.isContainer(group);
        if (!container && !tree.leads(group)) {
            return;
        }
        if (container) {
            arrived.add(group);
        }
        try {
            watched.put(
                    group.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE),
                    group);
        } catch (IOException gone) {
            // It went as fast as it came; if it is there and cannot be watched, the regular look finds its children.
            return;
        }
        GroupTree.children(group).forEach(child -> watch(child, arrived));
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException failure) {
            throw new HostFault("end watching the control groups: " + failure.getMessage(), Errno.EIO, failure);
        }
    }
}
