package io.cairn.host.linux;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.CheckResult;
import io.cairn.host.Errno;
import io.cairn.host.GrowResult;
import io.cairn.host.HostFault;
import io.cairn.host.MakeOptions;
import io.cairn.host.kernel.Capabilities;
import io.cairn.host.kernel.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The programs of e2fsprogs. Stateless. */
record Ext4Programs() implements FilesystemPrograms {
    static final Tool MAKE = new Tool("mke2fs", "e2fsprogs");
    static final Tool CHECK = new Tool("e2fsck", "e2fsprogs");
    static final Tool RESIZE = new Tool("resize2fs", "e2fsprogs");
    static final Tool TUNE = new Tool("tune2fs", "e2fsprogs");

    private static final Duration QUICK = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofHours(6);

    private static final long SMALL_BYTES = 512L << 20;
    private static final int JOURNAL_MEBIBYTES_MIN = 4;
    private static final int JOURNAL_SHARE = 32;

    /** Statuses of e2fsck: bits. */
    private static final int CORRECTED = 1;

    private static final int CORRECTED_REBOOT = 2;
    private static final int UNCORRECTED = 4;

    /** The least journal takes 4 MiB: of 16 MiB 71 % are left for files, of 32 MiB 84 %, of 48 MiB 88 %. */
    @Override
    public ByteCount sizeMin() {
        return ByteCount.mebibytes(16);
    }

    /**
     * On a small device mke2fs would take up to an eighth for the journal, and more for inodes than large ones have.
     */
    private static List<String> proportions(long size) {
        if (size >= SMALL_BYTES) {
            return List.of();
        }
        long journalMebibytes = Math.max(JOURNAL_MEBIBYTES_MIN, (size / JOURNAL_SHARE) >> 20);
        return List.of("-i", "16384", "-J", "size=" + journalMebibytes);
    }

    /**
     * Blocks of 4096 bytes whatever the size, which direct I/O likes; a checksum seed of its own, so that a new UUID
     * need not touch every block of metadata; no room kept for root, which a container may be. Inode tables are zeroed
     * after the first mount, by giving blocks back to the pool; a thick device has them zeroed here instead, in place.
     */
    @Override
    public void make(BlockDevice device, ByteCount size, MakeOptions options) {
        String lazy = options.thick() ? "lazy_itable_init=0" : "lazy_itable_init=1";
        String features = options.directoryEncryption() ? "metadata_csum_seed,encrypt" : "metadata_csum_seed";
        var arguments = new ArrayList<>(List.of("-q", "-F", "-t", "ext4", "-b", "4096", "-m", "0"));
        arguments.addAll(List.of("-E", "nodiscard,lazy_journal_init=1,root_owner=0:0," + lazy, "-O", features));
        arguments.addAll(proportions(size.bytes()));
        options.label().ifPresent(label -> arguments.addAll(List.of("-L", label)));
        arguments.add(device.node().toString());
        demand(MAKE.run(QUICK, arguments.toArray(String[]::new)), MAKE, device);
    }

    @Override
    public CheckResult check(BlockDevice device) {
        return judged(CHECK.run(LONG, "-p", device.node().toString()), device);
    }

    @Override
    public CheckResult verify(BlockDevice device) {
        return judged(CHECK.run(LONG, "-f", "-n", device.node().toString()), device);
    }

    private static CheckResult judged(Tool.Finished check, BlockDevice device) {
        if (check.status() == 0) {
            return new CheckResult.Clean(check.output());
        }
        if ((check.status() & ~(CORRECTED | CORRECTED_REBOOT)) == 0) {
            return new CheckResult.Repaired(check.output());
        }
        if ((check.status() & UNCORRECTED) != 0) {
            return new CheckResult.Damaged(check.output());
        }
        throw failed(check, CHECK, device);
    }

    @Override
    public GrowResult growMounted(BlockDevice device, Path mountpoint) {
        if (!Capabilities.effective(Capabilities.SYS_RESOURCE)) {
            return new GrowResult.MustBeUnmounted(
                    "ext4 grows while it is mounted only for a process with CAP_SYS_RESOURCE, which this one lacks");
        }
        Tool.Finished resize = RESIZE.run(QUICK, device.node().toString());
        if (resize.status() != 0 && resize.output().contains("Permission denied")) {
            return new GrowResult.MustBeUnmounted("the kernel refuses: " + resize.lastLine());
        }
        demand(resize, RESIZE, device);
        return new GrowResult.Grown();
    }

    /** resize2fs wants to see that a full check was made. */
    @Override
    public GrowResult growUnmounted(BlockDevice device) {
        demandSound(device);
        demand(RESIZE.run(LONG, device.node().toString()), RESIZE, device);
        return new GrowResult.Grown();
    }

    @Override
    public void newIdentity(BlockDevice device) {
        String node = device.node().toString();
        CheckResult replayed = check(device);
        if (replayed instanceof CheckResult.Damaged damaged) {
            throw new HostFault("give a new UUID to", device.node(), Errno.NONE, lastLine(damaged.report()));
        }
        if (TUNE.run(QUICK, "-U", "random", node).status() == 0) {
            return;
        }
        // Without a checksum seed every block of metadata is rewritten, which wants to see a full check first.
        demandSound(device);
        demand(TUNE.run(LONG, "-U", "random", node), TUNE, device);
    }

    private static void demandSound(BlockDevice device) {
        CheckResult full = judged(CHECK.run(LONG, "-f", "-p", device.node().toString()), device);
        if (full instanceof CheckResult.Damaged damaged) {
            throw new HostFault(
                    "e2fsck found damage that a person must look at on " + device.node() + ": "
                            + lastLine(damaged.report()),
                    Errno.NONE);
        }
    }

    private static String lastLine(String report) {
        return new Tool.Finished(0, report).lastLine();
    }

    private static void demand(Tool.Finished finished, Tool tool, BlockDevice device) {
        if (finished.status() != 0) {
            throw failed(finished, tool, device);
        }
    }

    private static HostFault failed(Tool.Finished finished, Tool tool, BlockDevice device) {
        return ToolFault.of(finished, tool, device);
    }
}
