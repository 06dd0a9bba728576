package io.cairn.host.linux;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.CheckResult;
import io.cairn.host.GrowResult;
import io.cairn.host.MakeOptions;
import io.cairn.host.MountOptions;
import io.cairn.host.kernel.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The programs of xfsprogs. Stateless. */
record XfsPrograms() implements FilesystemPrograms {
    static final Tool MAKE = new Tool("mkfs.xfs", "xfsprogs");
    static final Tool REPAIR = new Tool("xfs_repair", "xfsprogs");
    static final Tool GROW = new Tool("xfs_growfs", "xfsprogs");
    static final Tool EDIT = new Tool("xfs_db", "xfsprogs");

    private static final Duration QUICK = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofHours(6);

    /**
     * The bound of mkfs.xfs since version 5.19. The log takes 64 MiB at least: of 300 MiB 73 % are left for files, of
     * 512 MiB 82 %, of 768 MiB 87 %.
     */
    @Override
    public ByteCount sizeMin() {
        return ByteCount.mebibytes(300);
    }

    /**
     * Reflinks are left on, as they are by default: a pool can be made this way too. Sectors are of 4 KiB, whatever the
     * device says now: an image that shares blocks with a snapshot is attached with such sectors, on which XFS with
     * smaller ones cannot be mounted.
     */
    @Override
    public void make(BlockDevice device, ByteCount size, MakeOptions options) {
        var arguments = new ArrayList<>(List.of("-q", "-f", "-K", "-s", "size=4096", "-m", "crc=1,reflink=1"));
        options.label().ifPresent(label -> arguments.addAll(List.of("-L", label)));
        arguments.add(device.node().toString());
        demand(MAKE.run(QUICK, arguments.toArray(String[]::new)), MAKE, device);
    }

    @Override
    public CheckResult check(BlockDevice device) {
        return new CheckResult.Clean("XFS replays its log when it is mounted");
    }

    @Override
    public CheckResult verify(BlockDevice device) {
        Tool.Finished repair = REPAIR.run(LONG, "-n", device.node().toString());
        return switch (repair.status()) {
            case 0 -> new CheckResult.Clean(repair.output());
            case 1 -> new CheckResult.Damaged(repair.output());
            default -> throw ToolFault.of(repair, REPAIR, device);
        };
    }

    @Override
    public GrowResult growMounted(BlockDevice device, Path mountpoint) {
        demand(GROW.run(QUICK, "-d", mountpoint.toString()), GROW, device);
        return new GrowResult.Grown();
    }

    @Override
    public GrowResult growUnmounted(BlockDevice device) {
        return new GrowResult.MustBeMounted("XFS grows only while it is mounted");
    }

    /**
     * xfs_db says nothing with its status; whether the UUID is another is seen by the caller. A log that was not
     * replayed is replayed by opening the filesystem, which a clone's twin does not hinder.
     */
    @Override
    public void newIdentity(BlockDevice device) {
        MountOptions beside = new MountOptions(Set.of(), List.of("nouuid"));
        try (var _ = DetachedMount.open(device.node().toString(), "xfs", beside)) {
            // Opening and letting go is all: it leaves a log with nothing in it.
        }
        demand(
                EDIT.run(
                        QUICK,
                        "-x",
                        "-p",
                        "xfs_admin",
                        "-c",
                        "uuid generate",
                        device.node().toString()),
                EDIT,
                device);
    }

    private static void demand(Tool.Finished finished, Tool tool, BlockDevice device) {
        if (finished.status() != 0) {
            throw ToolFault.of(finished, tool, device);
        }
    }
}
