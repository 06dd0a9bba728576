package io.cairn.host.linux;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.CheckResult;
import io.cairn.host.GrowResult;
import io.cairn.host.MakeOptions;
import java.nio.file.Path;

/** The programs of one kind of filesystem. What each method promises is said by {@link io.cairn.host.Filesystems}. */
sealed interface FilesystemPrograms permits Ext4Programs, XfsPrograms {
    /** A smaller device takes no filesystem of this kind, or none with a journal. */
    ByteCount sizeMin();

    void make(BlockDevice device, ByteCount size, MakeOptions options);

    CheckResult check(BlockDevice device);

    CheckResult verify(BlockDevice device);

    GrowResult growMounted(BlockDevice device, Path mountpoint);

    GrowResult growUnmounted(BlockDevice device);

    void newIdentity(BlockDevice device);
}
