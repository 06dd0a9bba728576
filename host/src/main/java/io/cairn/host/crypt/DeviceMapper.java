package io.cairn.host.crypt;

import io.cairn.host.BlockDevice;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Encryption.Mapping;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.Support;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.KernelText;
import io.cairn.host.kernel.Tool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the kernel's device-mapper has and can. Stateless. Source: linux/dm-ioctl.h, and {@code /sys/block/dm-N}. */
final class DeviceMapper {
    private static final Path CONTROL = Path.of("/dev/mapper/control");
    private static final long LIST_VERSIONS = 0xc138fd0dL;
    private static final int IOCTL_BYTES = 16 << 10;
    private static final int HEADER_BYTES = 312;
    private static final int VERSION_MAJOR = 4;
    private static final int DATA_SIZE_AT = 12;
    private static final int DATA_START_AT = 16;
    private static final int NAME_AT = 16;
    private static final Duration BOUND = Duration.ofSeconds(20);

    private final Path sysBlock;

    DeviceMapper() {
        this(Path.of("/sys/block"));
    }

    DeviceMapper(Path sysBlock) {
        this.sysBlock = sysBlock;
    }

    /** Whether it can decrypt; loads the modules for it when they are there to be loaded. */
    Support crypt() {
        try {
            return cryptOrReason();
        } catch (HostFault denied) {
            return new Support.Missing(denied.getMessage());
        }
    }

    private Support cryptOrReason() {
        if (!isInKernel() || !targets().contains("crypt")) {
            loadModule();
        }
        if (!isInKernel()) {
            return new Support.Missing("this kernel has no device-mapper: LUKS containers cannot be opened here;"
                    + " load the module dm_mod, or use a kernel that has it");
        }
        return targets().contains("crypt")
                ? new Support.Available()
                : new Support.Missing("this kernel's device-mapper cannot encrypt: it has no target \"crypt\";"
                        + " load the module dm_crypt, or use a kernel that has it");
    }

    /** The node under /dev says nothing: cryptsetup makes it even where nothing is behind it. */
    private static boolean isInKernel() {
        return text(Path.of("/proc/misc"))
                .map(text -> text.lines().anyMatch(line -> line.endsWith(" device-mapper")))
                .orElse(false);
    }

    private static void loadModule() {
        Tool modprobe = new Tool("modprobe", "kmod");
        if (modprobe.find().isPresent()) {
            // A kernel without modules says so by its status; what counts is what is there afterwards.
            Tool.Finished _ = modprobe.run(BOUND, "--quiet", "dm_crypt");
        }
    }

    private static List<String> targets() {
        if (!Files.exists(CONTROL)) {
            return List.of();
        }
        try (Descriptor control = Descriptor.open(CONTROL, Descriptor.READ_WRITE, "it needs root");
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(IOCTL_BYTES, Long.BYTES);
            buffer.set(ValueLayout.JAVA_INT, 0, VERSION_MAJOR);
            buffer.set(ValueLayout.JAVA_INT, DATA_SIZE_AT, IOCTL_BYTES);
            buffer.set(ValueLayout.JAVA_INT, DATA_START_AT, HEADER_BYTES);
            long answer = control.ioctl(LIST_VERSIONS, buffer);
            return answer < 0 ? List.of() : names(buffer);
        }
    }

    /** A chain of entries: the offset of the next one from this one, three numbers, a name that ends in zero. */
    private static List<String> names(MemorySegment buffer) {
        var names = new ArrayList<String>();
        long at = Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT, DATA_START_AT));
        long next;
        do {
            if (at + NAME_AT >= buffer.byteSize()) {
                throw new HostFault("list the targets of the device-mapper: an answer without an end", Errno.NONE);
            }
            next = Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            names.add(buffer.getString(at + NAME_AT, StandardCharsets.US_ASCII));
            at += next;
        } while (next != 0);
        return names;
    }

    /** Every open LUKS container. One that is closed while it is looked at is left out. */
    List<Mapping> luks() {
        var found = new ArrayList<Mapping>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(sysBlock, "dm-*")) {
            for (Path device : devices) {
                if (text(device.resolve("dm/uuid")).orElse("").startsWith("CRYPT-LUKS")) {
                    mapping(device).ifPresent(found::add);
                }
            }
        } catch (IOException failure) {
            throw new HostFault("list " + sysBlock + ": " + failure.getMessage(), Errno.EIO, failure);
        }
        return found;
    }

    private static Optional<Mapping> mapping(Path device) {
        return text(device.resolve("dm/name"))
                .flatMap(name -> number(device)
                        .flatMap(number -> below(device)
                                .map(below -> new Mapping(name, new BlockDevice(node(name, device), number), below))));
    }

    private static Path node(String name, Path device) {
        Path named = CONTROL.resolveSibling(name);
        return Files.exists(named)
                ? named
                : Path.of("/dev", device.getFileName().toString());
    }

    private static Optional<DeviceNumber> below(Path device) {
        try (DirectoryStream<Path> slaves = Files.newDirectoryStream(device.resolve("slaves"))) {
            for (Path slave : slaves) {
                // While it is being reencrypted there are mappings of cryptsetup's own between the two.
                boolean ownLayer = text(slave.resolve("dm/uuid")).orElse("").startsWith("CRYPT-");
                return ownLayer ? below(slave) : number(slave);
            }
            return Optional.empty();
        } catch (NoSuchFileException | NotDirectoryException closed) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new HostFault("list " + device + ": " + failure.getMessage(), Errno.EIO, failure);
        }
    }

    private static Optional<DeviceNumber> number(Path device) {
        return text(device.resolve("dev")).map(DeviceNumber::parse);
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(
                    KernelText.read(file, StandardCharsets.ISO_8859_1).stripTrailing());
        } catch (IOException _) {
            // Devices come and go while they are looked at.
            return Optional.empty();
        }
    }
}
