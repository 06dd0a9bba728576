package io.cairn.host.linux;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.Holder;
import io.cairn.host.HostFault;
import io.cairn.host.MountEntry;
import io.cairn.host.MountFlag;
import io.cairn.host.MountOptions;
import io.cairn.host.MountTable;
import io.cairn.host.kernel.Kernel;
import io.cairn.host.kernel.KernelText;
import io.cairn.host.kernel.PlatformThreads;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Mounts by mount(2), umount2(2) and {@code /proc}. Stateless; safe for many threads. */
public final class LinuxMountTable implements MountTable {
    private static final long REMOUNT = 1 << 5;
    private static final long BIND = 1 << 12;
    private static final long SHARED = 1 << 20;
    private static final int UNMOUNT_NO_FOLLOW = 8;
    private static final Path PROC = Path.of("/proc");
    private static final String NONE = "none";

    @Override
    public void mount(String source, Path target, String fsType, MountOptions options) {
        PlatformThreads.run(() -> {
            long answer = call(source, target, fsType, flags(options.flags()), options.data());
            if (answer < 0) {
                String reason = MountReason.of(Kernel.errno(answer), source, fsType, options);
                throw new HostFault("mount " + source + " on", target, Kernel.errno(answer), reason);
            }
        });
    }

    @Override
    public void bind(Path source, Path target, MountOptions options) {
        PlatformThreads.run(() -> {
            demand(call(source.toString(), target, NONE, BIND, ""), "bind " + source + " to", target);
            long flags = flags(options.flags());
            if (flags == 0) {
                return;
            }
            // Flags of a bind mount take a second call; without them it must not stay.
            long answer = call(NONE, target, NONE, BIND | REMOUNT | flags, "");
            if (answer < 0) {
                unmountTopmost(target);
                demand(answer, "give flags to the bind mount", target);
            }
        });
    }

    @Override
    public void share(Path directory) {
        PlatformThreads.run(() -> {
            if (at(directory).isEmpty()) {
                demand(call(directory.toString(), directory, NONE, BIND, ""), "make a mount of", directory);
            }
            demand(call(NONE, directory, NONE, SHARED, ""), "share the mount", directory);
        });
    }

    @Override
    public void unmount(Path target) {
        PlatformThreads.run(() -> {
            long answer = unmountTopmost(target);
            boolean notMounted = answer == -Errno.EINVAL.number() || answer == -Errno.ENOENT.number();
            if (notMounted && at(target).isEmpty()) {
                return;
            }
            demand(answer, "unmount", target);
        });
    }

    private static long unmountTopmost(Path target) {
        try (Arena arena = Arena.ofConfined()) {
            return Kernel.unmount(arena.allocateFrom(target.toString()), UNMOUNT_NO_FOLLOW);
        }
    }

    private static long call(String source, Path target, String type, long flags, String data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment words = data.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(data);
            return Kernel.mount(
                    arena.allocateFrom(source),
                    arena.allocateFrom(target.toString()),
                    arena.allocateFrom(type),
                    flags,
                    words);
        }
    }

    private static long flags(Set<MountFlag> flags) {
        return flags.stream().mapToLong(MountFlag::bit).reduce(0, (a, b) -> a | b);
    }

    private static void demand(long answer, String operation, Path target) {
        if (answer < 0) {
            Errno errno = Kernel.errno(answer);
            String next = errno.equals(Errno.EBUSY) ? "files on it are open here; fuser -vm names who has them" : "";
            throw new HostFault(operation, target, errno, errno.equals(Errno.EPERM) ? "it needs CAP_SYS_ADMIN" : next);
        }
    }

    @Override
    public List<MountEntry> entries() {
        return read(MountInfo::parse);
    }

    private static <T> T read(Function<String, T> parse) {
        return PlatformThreads.call(() -> {
            Path file = PROC.resolve("self/mountinfo");
            try {
                return parse.apply(KernelText.read(file, StandardCharsets.ISO_8859_1));
            } catch (IOException failure) {
                throw new HostFault("read " + file + ": " + failure.getMessage(), Errno.EIO, failure);
            } catch (IllegalArgumentException malformed) {
                throw new HostFault("read " + file + ": " + malformed.getMessage(), Errno.NONE, malformed);
            }
        });
    }

    /** The table has real paths, and a pool may be reached through a link. What is mounted there is not touched. */
    @Override
    public Optional<MountEntry> at(Path target) {
        Path real = PlatformThreads.call(() -> real(target));
        return read(text -> MountInfo.at(text, real));
    }

    private static Path real(Path target) {
        Path absolute = target.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            return absolute;
        }
        try {
            return parent.toRealPath().resolve(name);
        } catch (IOException _) {
            return absolute;
        }
    }

    @Override
    public List<Holder> holders(DeviceNumber device) {
        return holders().getOrDefault(device, List.of());
    }

    @Override
    public Map<DeviceNumber, List<Holder>> holders() {
        return PlatformThreads.call(() -> new MountNamespaces(PROC).holders());
    }
}
