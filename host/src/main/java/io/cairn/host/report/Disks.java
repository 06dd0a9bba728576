package io.cairn.host.report;

import io.cairn.host.DeviceNumber;
import io.cairn.host.HostReport.Fact;
import io.cairn.host.MountEntry;
import io.cairn.host.MountTable;
import io.cairn.host.kernel.FileStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The block device that a directory's filesystem is on, and how the kernel orders its requests. Stateless. */
final class Disks {
    private static final Path DEVICES = Path.of("/sys/dev/block");

    private final MountTable mounts;

    Disks(MountTable mounts) {
        this.mounts = mounts;
    }

    Fact below(Path directory) {
        String subject = "disk of " + directory;
        Optional<Path> device = device(directory);
        Optional<Path> queue = device.flatMap(Disks::queue);
        if (queue.isEmpty()) {
            return new Fact(subject, true, "no block device of this host (a network or memory filesystem, or several)");
        }
        String name = device.get().getFileName().toString();
        boolean rotates =
                SmallText.of(queue.get().resolve("rotational")).orElse("0").equals("1");
        String scheduler = chosen(SmallText.of(queue.get().resolve("scheduler")).orElse(""));
        return judged(subject, name, rotates, scheduler);
    }

    static Fact judged(String subject, String name, boolean rotates, String scheduler) {
        String words = name + (rotates ? ", rotating" : ", not rotating") + ", I/O scheduler " + scheduler;
        boolean slow = !rotates && scheduler.equals("bfq");
        boolean unordered = rotates && scheduler.equals("none");
        if (slow) {
            words +=
                    ": it costs operations per second on a disk that does not rotate; none or mq-deadline serve better";
        }
        if (unordered) {
            words += ": a rotating disk needs its requests ordered; mq-deadline or bfq serve better";
        }
        return new Fact(subject, !slow && !unordered, words);
    }

    /** The word in brackets of {@code none [mq-deadline] bfq}; a disk that orders nothing has only {@code none}. */
    static String chosen(String schedulers) {
        int open = schedulers.indexOf('[');
        int close = schedulers.indexOf(']', open + 1);
        return open >= 0 && close > open ? schedulers.substring(open + 1, close) : "none";
    }

    /** The directory of the device in sysfs. btrfs has a number of its own, so its device is that of its mount. */
    private Optional<Path> device(Path directory) {
        DeviceNumber number = FileStatus.of(directory).identity().device();
        return sysfs(number)
                .or(() -> mounts.entries().stream()
                        .filter(entry -> entry.device().equals(number))
                        .map(MountEntry::source)
                        .filter(source -> source.startsWith("/dev/") && Files.exists(Path.of(source)))
                        .findFirst()
                        .flatMap(source -> sysfs(FileStatus.of(Path.of(source)).special())));
    }

    private static Optional<Path> sysfs(DeviceNumber number) {
        return SmallText.link(DEVICES.resolve(number.toString()))
                .map(target -> DEVICES.resolve(target).normalize())
                .filter(Files::isDirectory);
    }

    /** A partition has the queue of its disk. */
    private static Optional<Path> queue(Path device) {
        Path own = device.resolve("queue");
        Path parent = device.resolveSibling("queue");
        return Files.isDirectory(own) ? Optional.of(own) : Optional.of(parent).filter(Files::isDirectory);
    }
}
