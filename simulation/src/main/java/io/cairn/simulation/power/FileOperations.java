package io.cairn.simulation.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.cryptomator.jfuse.api.DirFiller;
import org.cryptomator.jfuse.api.Errno;
import org.cryptomator.jfuse.api.FileInfo;
import org.cryptomator.jfuse.api.FuseOperations;
import org.cryptomator.jfuse.api.Stat;
import org.cryptomator.jfuse.api.Statvfs;
import org.cryptomator.jfuse.api.TimeSpec;
import org.jspecify.annotations.Nullable;

/**
 * The calls of FUSE on a volatile disk. libfuse renames a file that is unlinked while it is open to a hidden name; that
 * is an unlink here, and hidden files are in no directory. Thread-safe.
 */
final class FileOperations implements FuseOperations {
    private static final String HIDDEN = ".fuse_hidden";
    private static final int NO_REPLACE = 1;
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int BLOCK_BYTES = 4096;

    private final VolatileDisk disk;
    private final Syncs syncs;
    private final Errno errno;
    private final Gate gate = new Gate();
    private final Map<Long, VolatileFile> open = new ConcurrentHashMap<>();
    private final Map<String, Node> hidden = new ConcurrentHashMap<>();
    private final AtomicLong handles = new AtomicLong();

    FileOperations(VolatileDisk disk, Syncs syncs, Errno errno) {
        this.disk = disk;
        this.syncs = syncs;
        this.errno = errno;
    }

    Gate gate() {
        return gate;
    }

    @Override
    public Errno errno() {
        return errno;
    }

    @Override
    public Set<Operation> supportedOperations() {
        return EnumSet.of(
                Operation.CHMOD,
                Operation.CHOWN,
                Operation.CREATE,
                Operation.FSYNC,
                Operation.FSYNCDIR,
                Operation.GET_ATTR,
                Operation.MKDIR,
                Operation.OPEN,
                Operation.READ,
                Operation.READ_DIR,
                Operation.RELEASE,
                Operation.RENAME,
                Operation.RMDIR,
                Operation.STATFS,
                Operation.TRUNCATE,
                Operation.UNLINK,
                Operation.UTIMENS,
                Operation.WRITE);
    }

    /** An operation that may fail. */
    @FunctionalInterface
    private interface Call {
        int run() throws IOException;
    }

    private int call(Call call) {
        return gate.pass(-errno.eio(), () -> {
            try {
                return call.run();
            } catch (IOException _) {
                return -errno.eio();
            }
        });
    }

    private @Nullable Node find(String path) {
        Node visible = disk.find(path);
        return visible == null ? hidden.get(path) : visible;
    }

    private @Nullable VolatileFile file(String path, FileInfo info) {
        VolatileFile opened = open.get(info.getFh());
        if (opened != null) {
            return opened;
        }
        return find(path) instanceof VolatileFile named ? named : null;
    }

    @Override
    public int getattr(String path, Stat stat, @Nullable FileInfo info) {
        return call(() -> {
            Node node = find(path);
            if (node == null) {
                return -errno.enoent();
            }
            describe(node, stat);
            return 0;
        });
    }

    private static void describe(Node node, Stat stat) throws IOException {
        stat.setMode(node.mode());
        stat.setNLink((short) 1);
        stat.setUid(0);
        stat.setGid(0);
        stat.mTime().set(node.modified());
        stat.cTime().set(node.modified());
        stat.aTime().set(node.modified());
        stat.setSize(node instanceof VolatileFile file ? file.size() : BLOCK_BYTES);
    }

    @Override
    public int mkdir(String path, int mode) {
        return call(() -> {
            VolatileDirectory parent = disk.parent(path);
            if (parent == null) {
                return -errno.enoent();
            }
            if (disk.find(path) != null) {
                return -errno.eexist();
            }
            disk.makeDirectory(parent, VolatileDisk.name(path), mode);
            return 0;
        });
    }

    @Override
    public int create(String path, int mode, FileInfo info) {
        return call(() -> {
            VolatileDirectory parent = disk.parent(path);
            if (parent == null) {
                return -errno.enoent();
            }
            if (disk.find(path) != null) {
                return -errno.eexist();
            }
            handle(disk.create(parent, VolatileDisk.name(path), mode), info);
            return 0;
        });
    }

    @Override
    public int open(String path, FileInfo info) {
        return call(() -> {
            if (!(find(path) instanceof VolatileFile file)) {
                return -errno.enoent();
            }
            handle(file, info);
            return 0;
        });
    }

    private void handle(VolatileFile file, FileInfo info) {
        long handle = handles.incrementAndGet();
        open.put(handle, file);
        info.setFh(handle);
    }

    @Override
    public int release(String path, FileInfo info) {
        open.remove(info.getFh());
        return 0;
    }

    @Override
    public int read(String path, ByteBuffer target, long size, long offset, FileInfo info) {
        return call(() -> {
            VolatileFile file = file(path, info);
            return file == null ? -errno.ebadf() : file.read(target, offset);
        });
    }

    @Override
    public int write(String path, ByteBuffer source, long size, long offset, FileInfo info) {
        return call(() -> {
            VolatileFile file = file(path, info);
            if (file == null) {
                return -errno.ebadf();
            }
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            file.write(bytes, offset);
            file.modified(disk.clock().now());
            return bytes.length;
        });
    }

    @Override
    public int truncate(String path, long size, @Nullable FileInfo info) {
        return call(() -> {
            if (!(find(path) instanceof VolatileFile file)) {
                return -errno.enoent();
            }
            file.resize(size);
            return 0;
        });
    }

    /** fallocate(2), which jfuse does not offer. */
    int allocate(String path, int mode, long offset, long length) {
        return call(() -> {
            if (!(find(path) instanceof VolatileFile file)) {
                return -errno.enoent();
            }
            if (mode == (PUNCH_HOLE | KEEP_SIZE)) {
                file.punch(offset, length);
            } else if (mode == 0) {
                file.resize(Math.max(file.size(), offset + length));
            } else if (mode != KEEP_SIZE) {
                return -errno.enotsup();
            }
            return 0;
        });
    }

    @Override
    public int fsync(String path, int dataOnly, FileInfo info) {
        return call(() -> {
            VolatileFile file = file(path, info);
            if (file == null) {
                return -errno.ebadf();
            }
            if (syncs.honoured(path, false)) {
                file.sync();
            }
            return 0;
        });
    }

    @Override
    public int fsyncdir(@Nullable String path, int dataOnly, FileInfo info) {
        return call(() -> {
            if (path == null || !(disk.find(path) instanceof VolatileDirectory directory)) {
                return -errno.enoent();
            }
            if (syncs.honoured(path, true)) {
                directory.sync();
            }
            return 0;
        });
    }

    @Override
    public int unlink(String path) {
        return call(() -> {
            if (hidden.remove(path) != null) {
                return 0;
            }
            return remove(path);
        });
    }

    @Override
    public int rmdir(String path) {
        return call(() -> {
            boolean full = disk.find(path) instanceof VolatileDirectory directory
                    && !directory.children().isEmpty();
            return full ? -errno.enotempty() : remove(path);
        });
    }

    private int remove(String path) {
        VolatileDirectory parent = disk.parent(path);
        Node node = disk.find(path);
        if (parent == null || node == null) {
            return -errno.enoent();
        }
        disk.remove(parent, VolatileDisk.name(path), node);
        return 0;
    }

    @Override
    public int rename(String from, String to, int flags) {
        return call(() -> {
            Node node = disk.find(from);
            VolatileDirectory source = disk.parent(from);
            VolatileDirectory target = disk.parent(to);
            if (node == null || source == null || target == null) {
                return -errno.enoent();
            }
            if (VolatileDisk.name(to).startsWith(HIDDEN)) {
                hidden.put(to, node);
                disk.remove(source, VolatileDisk.name(from), node);
                return 0;
            }
            Node old = disk.find(to);
            if (old != null && flags == NO_REPLACE) {
                return -errno.eexist();
            }
            if (old instanceof VolatileDirectory full && !full.children().isEmpty()) {
                return -errno.enotempty();
            }
            disk.rename(source, VolatileDisk.name(from), target, VolatileDisk.name(to), node);
            return 0;
        });
    }

    @Override
    public int link(String existing, String path) {
        return call(() -> {
            Node node = disk.find(existing);
            VolatileDirectory parent = disk.parent(path);
            if (node == null || parent == null) {
                return -errno.enoent();
            }
            if (disk.find(path) != null) {
                return -errno.eexist();
            }
            disk.link(parent, VolatileDisk.name(path), node);
            return 0;
        });
    }

    @Override
    public int readdir(String path, DirFiller filler, long offset, FileInfo info, int flags) {
        return call(() -> {
            if (!(disk.find(path) instanceof VolatileDirectory directory)) {
                return -errno.enoent();
            }
            filler.fill(".");
            filler.fill("..");
            for (String name : directory.children().keySet()) {
                filler.fill(name);
            }
            return 0;
        });
    }

    @Override
    public int chmod(String path, int mode, @Nullable FileInfo info) {
        return call(() -> {
            Node node = find(path);
            if (node == null) {
                return -errno.enoent();
            }
            node.mode(mode);
            return 0;
        });
    }

    @Override
    public int chown(String path, int user, int group, @Nullable FileInfo info) {
        return 0;
    }

    @Override
    public int utimens(String path, TimeSpec accessed, TimeSpec modified, @Nullable FileInfo info) {
        return call(() -> {
            Node node = find(path);
            if (node == null) {
                return -errno.enoent();
            }
            node.modified(modified.getOptional().orElse(disk.clock().now()));
            return 0;
        });
    }

    @Override
    public int statfs(String path, Statvfs stat) {
        return call(() -> {
            long free = disk.storage().toFile().getUsableSpace() / BLOCK_BYTES;
            stat.setBsize(BLOCK_BYTES);
            stat.setFrsize(BLOCK_BYTES);
            stat.setBlocks(disk.storage().toFile().getTotalSpace() / BLOCK_BYTES);
            stat.setBfree(free);
            stat.setBavail(free);
            stat.setNameMax(255);
            return 0;
        });
    }
}
