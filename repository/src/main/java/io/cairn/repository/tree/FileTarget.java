package io.cairn.repository.tree;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.cairn.repository.store.RepositoryFault;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Makes files on this machine. Nothing is ever written through a symbolic link, nor over a file that is there. Safe for
 * use by many threads.
 */
public final class FileTarget {
    private static final int AT_CWD = -100;
    private static final int NO_FOLLOW = 0x100;
    private static final int CREATE_NEW = 0x80000 | 0x20000 | 0x80 | 0x40 | 1;
    private static final int WRITE = 0x80000 | 0x20000 | 1;
    private static final int PRIVATE_FILE = 0600;
    private static final int PRIVATE_DIRECTORY = 0700;
    private static final int SECOND_PATH = 8192;
    private static final int DATA = 16 << 10;
    private static final int DATA_LENGTH = 256 << 10;

    private final boolean root;

    /** @param root whether this process may give files away; if not, owners are kept only where that is allowed */
    public FileTarget(boolean root) {
        this.root = root;
    }

    /** A function of libc with the memory of the thread. */
    private interface Call {
        int run(Libc libc) throws Throwable;
    }

    private static int call(Call call) {
        try {
            return call.run(Libc.ofThread());
        } catch (Throwable thrown) {
            throw FileTree.broken(thrown);
        }
    }

    private static void require(String verb, String path, Call call) {
        if (call(call) < 0) {
            throw FileTree.fault(verb, path, Libc.ofThread().errno());
        }
    }

    /** Makes a directory that nobody else may enter yet. */
    public void directory(String path) {
        byte[] bytes = Names.bytes(path);
        require("make the directory", path, libc ->
                (int) Libc.MAKE_DIRECTORY.invoke(libc.state, libc.path(bytes, 0), PRIVATE_DIRECTORY));
    }

    /** Makes a file of that length, a hole at first, and leaves it open. */
    public OpenTarget create(String path, long size) {
        OpenTarget target = open(path, CREATE_NEW);
        if (size > 0) {
            require("enlarge", path, libc -> (int) Libc.TRUNCATE.invoke(libc.state, target.file, size));
        }
        return target;
    }

    /** Opens a file that was made before. */
    public OpenTarget reopen(String path) {
        return open(path, WRITE);
    }

    private static OpenTarget open(String path, int flags) {
        byte[] bytes = Names.bytes(path);
        int file = call(libc -> (int) Libc.OPEN.invoke(libc.state, libc.path(bytes, 0), flags, PRIVATE_FILE));
        if (file < 0) {
            throw FileTree.fault("create", path, Libc.ofThread().errno());
        }
        return new OpenTarget(path, file);
    }

    /** A file being written. Belongs to one thread at a time. */
    public static final class OpenTarget implements AutoCloseable {
        private final String path;
        private final int file;

        OpenTarget(String path, int file) {
            this.path = path;
            this.file = file;
        }

        public void write(byte[] bytes, int offset, int length, long position) {
            int done = 0;
            while (done < length) {
                int from = offset + done;
                int count = Math.min(length - done, DATA_LENGTH);
                long at = position + done;
                int written = call(libc -> {
                    MemorySegment.copy(bytes, from, libc.scratch, JAVA_BYTE, DATA, count);
                    return (int)
                            (long) Libc.PWRITE.invoke(libc.state, file, libc.scratch.asSlice(DATA), (long) count, at);
                });
                if (written <= 0) {
                    throw FileTree.fault("write", path, Libc.ofThread().errno());
                }
                done += written;
            }
        }

        @Override
        public void close() {
            require("close", path, libc -> (int) Libc.CLOSE.invoke(libc.state, file));
        }
    }

    public void symbolicLink(String path, String target) {
        byte[] to = Names.bytes(target);
        byte[] bytes = Names.bytes(path);
        require("make the link", path, libc ->
                (int) Libc.SYMLINK.invoke(libc.state, libc.path(to, SECOND_PATH), libc.path(bytes, 0)));
    }

    /** Gives an existing file a second name. */
    public void hardLink(String existing, String path) {
        byte[] from = Names.bytes(existing);
        byte[] bytes = Names.bytes(path);
        require("make the hard link", path, libc ->
                (int) Libc.LINK.invoke(libc.state, libc.path(from, SECOND_PATH), libc.path(bytes, 0)));
    }

    /** Makes a device, pipe or socket. */
    public void special(String path, Attributes attributes) {
        byte[] bytes = Names.bytes(path);
        int mode = attributes.kind().unix() | PRIVATE_FILE;
        require("make the special file", path, libc ->
                (int) Libc.MAKE_NODE.invoke(libc.state, libc.path(bytes, 0), mode, attributes.rawDevice()));
    }

    /** Gives a file owner, extended attributes, permissions and times, in the order that keeps each. */
    public void dress(String path, Node node) {
        byte[] bytes = Names.bytes(path);
        Attributes attributes = node.attributes();
        int refused = call(libc -> (int) Libc.CHANGE_OWNER.invoke(
                libc.state, libc.path(bytes, 0), (int) attributes.uid(), (int) attributes.gid()));
        if (refused < 0 && (root || Libc.ofThread().errno() != Libc.NOT_PERMITTED)) {
            throw FileTree.fault("give away", path, Libc.ofThread().errno());
        }
        for (Map.Entry<String, byte[]> attribute : node.extended().entrySet()) {
            extended(path, bytes, attribute.getKey(), attribute.getValue());
        }
        if (attributes.kind() != Kind.LINK) {
            require("set the permissions of", path, libc ->
                    (int) Libc.CHANGE_MODE.invoke(libc.state, libc.path(bytes, 0), attributes.permissions()));
        }
        require("set the times of", path, libc -> {
            MemorySegment times = libc.scratch.asSlice(DATA, 4 * Long.BYTES);
            times.setAtIndex(JAVA_LONG, 0, attributes.modified().getEpochSecond());
            times.setAtIndex(JAVA_LONG, 1, attributes.modified().getNano());
            times.setAtIndex(JAVA_LONG, 2, attributes.modified().getEpochSecond());
            times.setAtIndex(JAVA_LONG, 3, attributes.modified().getNano());
            return (int) Libc.SET_TIMES.invoke(libc.state, AT_CWD, libc.path(bytes, 0), times, NO_FOLLOW);
        });
    }

    private void extended(String path, byte[] bytes, String name, byte[] value) {
        if (value.length > DATA_LENGTH) {
            throw new RepositoryFault.Source("the attribute " + name + " of " + path + " is too large to be set");
        }
        int failed = call(libc -> {
            MemorySegment.copy(value, 0, libc.scratch, JAVA_BYTE, DATA, value.length);
            return (int) Libc.SET_XATTR.invoke(
                    libc.state,
                    libc.path(bytes, 0),
                    libc.path(Names.bytes(name), SECOND_PATH),
                    libc.scratch.asSlice(DATA),
                    (long) value.length,
                    0);
        });
        int errno = Libc.ofThread().errno();
        boolean foreign = errno == Libc.NOT_SUPPORTED || (errno == Libc.NOT_PERMITTED && !root);
        if (failed < 0 && !foreign) {
            throw FileTree.fault("set the attribute " + name + " of", path, errno);
        }
    }
}
