package io.cairn.host.linux;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.Holder;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.KernelText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One look at every mount namespace of this host, through the processes that live in them. Processes end while they are
 * looked at: a namespace is read through the next of its processes then, and is left out only when all are gone. A
 * process with more capabilities than ours (often the first one) does not show which namespace it is in, but its mounts
 * do: the ids of mounts are never the same in two. For one thread, for one look.
 */
final class MountNamespaces {
    private static final String DENIED = "denied:";

    private final Path proc;
    private final Map<DeviceNumber, List<Holder>> found = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private Set<String> groups = Set.of();

    MountNamespaces(Path proc) {
        this.proc = proc;
    }

    /**
     * Which devices are mounted in which namespaces other than that of {@code self}. A copy that our own unmounting
     * takes away, as services of systemd have it of every mount of the host, does not count.
     */
    Map<DeviceNumber, List<Holder>> holders() {
        Path self = proc.resolve("self");
        String own = namespace(self)
                .orElseThrow(() -> new HostFault("read", self.resolve("ns/mnt"), Errno.ENOENT, "is /proc mounted?"));
        String mounts = read(self.resolve("mountinfo")).orElse("");
        seen.add(MountInfo.firstId(mounts));
        groups = MountInfo.sendingGroups(mounts);
        Map<String, List<Path>> processes = processes();
        processes.remove(own);
        processes.forEach(this::look);
        return found;
    }

    /** The processes of each namespace; one whose namespace is not shown has an entry to itself, at the end. */
    private Map<String, List<Path>> processes() {
        var byNamespace = new LinkedHashMap<String, List<Path>>();
        var hidden = new LinkedHashMap<String, List<Path>>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, MountNamespaces::isProcess)) {
            for (Path process : entries) {
                namespace(process)
                        .ifPresent(name -> (name.startsWith(DENIED) ? hidden : byNamespace)
                                .computeIfAbsent(name, _ -> new ArrayList<>())
                                .add(process));
            }
        } catch (IOException failure) {
            throw new HostFault("list " + proc + ": " + failure.getMessage(), Errno.EIO, failure);
        }
        byNamespace.putAll(hidden);
        return byNamespace;
    }

    private static boolean isProcess(Path entry) {
        char first = entry.getFileName().toString().charAt(0);
        return first >= '1' && first <= '9';
    }

    /** Such as {@code mnt:[4026531841]}; nothing when the process is gone, or as good as gone. */
    private static Optional<String> namespace(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("ns/mnt")).toString());
        } catch (AccessDeniedException _) {
            return Optional.of(DENIED + process.getFileName());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private void look(String namespace, List<Path> members) {
        for (Path process : members) {
            Optional<String> mounts = read(process.resolve("mountinfo"));
            // The process may have moved on to another namespace, or be another by now.
            if (mounts.isPresent()
                    && namespace(process).filter(namespace::equals).isPresent()) {
                add(namespace, process, mounts.get());
                return;
            }
        }
    }

    private void add(String namespace, Path process, String mounts) {
        // A kernel thread, or a process that ends, has no mounts; a namespace whose mounts were read counts once.
        if (mounts.isEmpty() || !seen.add(MountInfo.firstId(mounts))) {
            return;
        }
        Holder holder = holder(namespace, process);
        for (DeviceNumber device : MountInfo.devices(mounts, groups)) {
            found.computeIfAbsent(device, _ -> new ArrayList<>()).add(holder);
        }
    }

    private static Holder holder(String namespace, Path process) {
        return new Holder(
                number(namespace),
                Integer.parseInt(process.getFileName().toString()),
                read(process.resolve("comm")).orElse("").strip(),
                read(process.resolve("cgroup")).flatMap(ContainerIds::of));
    }

    private static long number(String namespace) {
        String digits = namespace.replaceAll("\\D", "");
        return namespace.startsWith(DENIED) || digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(KernelText.read(file, StandardCharsets.ISO_8859_1));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
