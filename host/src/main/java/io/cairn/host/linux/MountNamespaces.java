package io.cairn.host.linux;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.Holder;
import io.cairn.host.HostFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One look at every mount namespace of this host, through the processes that live in them. Processes end while they are
 * looked at: a namespace is read through the next of its processes then, and is left out only when all are gone. For
 * one thread, for one look.
 */
final class MountNamespaces {
    private final Path proc;

    MountNamespaces(Path proc) {
        this.proc = proc;
    }

    /** Which devices are mounted in which namespaces other than that of {@code self}. */
    Map<DeviceNumber, List<Holder>> holders() {
        String own = namespace(proc.resolve("self"))
                .orElseThrow(
                        () -> new HostFault("read", proc.resolve("self/ns/mnt"), Errno.ENOENT, "is /proc mounted?"));
        Map<String, List<Path>> processes = processes();
        processes.remove(own);
        var found = new HashMap<DeviceNumber, List<Holder>>();
        processes.forEach((namespace, members) -> look(namespace, members, found));
        return found;
    }

    private Map<String, List<Path>> processes() {
        var byNamespace = new LinkedHashMap<String, List<Path>>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, MountNamespaces::isProcess)) {
            for (Path process : entries) {
                namespace(process)
                        .ifPresent(name -> byNamespace
                                .computeIfAbsent(name, _ -> new ArrayList<>())
                                .add(process));
            }
        } catch (IOException failure) {
            throw new HostFault("list " + proc + ": " + failure.getMessage(), Errno.EIO, failure);
        }
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
        } catch (AccessDeniedException denied) {
            throw new HostFault(
                    "look at " + process
                            + " was denied: who has a volume cannot be told; it needs root and CAP_SYS_PTRACE",
                    Errno.EACCES,
                    denied);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void look(String namespace, List<Path> members, Map<DeviceNumber, List<Holder>> found) {
        for (Path process : members) {
            Optional<Set<DeviceNumber>> devices =
                    read(process.resolve("mountinfo")).map(MountInfo::devices);
            // The process may have moved on to another namespace, or be another by now.
            if (devices.isPresent()
                    && namespace(process).filter(namespace::equals).isPresent()) {
                Holder holder = holder(namespace, process);
                devices.get()
                        .forEach(device -> found.computeIfAbsent(device, _ -> new ArrayList<>())
                                .add(holder));
                return;
            }
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
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
