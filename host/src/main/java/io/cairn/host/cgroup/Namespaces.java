package io.cairn.host.cgroup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which mount namespaces the processes of a group live in, and which group a process is in. Stateless. */
final class Namespaces {
    private static final Path PROC = Path.of("/proc");

    private Namespaces() {}

    /** Where a symbolic link of the kernel points to, such as {@code mnt:[4026531841]}; empty when it is gone. */
    static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Our own mount namespace. */
    static long own() {
        return link(PROC.resolve("self/ns/mnt")).map(Namespaces::number).orElse(0L);
    }

    private static long number(String name) {
        return Long.parseLong(name.substring(name.indexOf('[') + 1, name.indexOf(']')));
    }

    /** What may not be looked at is taken for one of ours: it then gets its share. */
    private static Optional<Long> of(Path process) {
        Path link = process.resolve("ns/mnt");
        try {
            return Optional.of(number(Files.readSymbolicLink(link).toString()));
        } catch (AccessDeniedException _) {
            return Optional.of(own());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** The namespaces of the processes in a group, without those of processes that end meanwhile. */
    static List<Long> in(Path group) {
        List<String> processes = Hierarchy.words(group.resolve("cgroup.procs"));
        return processes.stream()
                .filter(word -> !word.isEmpty())
                .map(PROC::resolve)
                .map(Namespaces::of)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /** The path of a process's group in the hierarchy of version 1 that has blkio; empty when the process is gone. */
    static Optional<String> blkioGroup(int process) {
        try {
            return blkioGroup(
                    GroupFile.read(PROC.resolve(Integer.toString(process)).resolve("cgroup")));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** {@code text} is that of {@code /proc/PID/cgroup}: lines such as {@code 7:blkio:/docker/4f…}. */
    static Optional<String> blkioGroup(String text) {
        return text.lines()
                .map(line -> line.split(":", 3))
                .filter(fields ->
                        fields.length == 3 && List.of(fields[1].split(",")).contains("blkio"))
                .map(fields -> fields[2])
                .findFirst();
    }
}
