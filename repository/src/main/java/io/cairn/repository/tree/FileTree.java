package io.cairn.repository.tree;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.cairn.repository.store.RepositoryFault;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads names, attributes and content of files of this machine. Paths are text as {@link Names} has it. Safe for use by
 * many threads.
 */
public final class FileTree {
    private static final int AT_CWD = -100;
    private static final int NO_FOLLOW = 0x100;
    private static final int BASIC_STATS = 0x7ff;
    private static final int READ_ONLY = 0x80000;
    private static final int NO_ATIME = 0x40000;
    private static final int NO_FOLLOW_OPEN = 0x20000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int RESULT = 16 << 10;
    private static final int ENTRY_NAME = 19;
    private static final int BUFFER = 32 << 10;

    private final Map<Long, String> users = new ConcurrentHashMap<>();
    private final Map<Long, String> groups = new ConcurrentHashMap<>();

    /** A failed call as a sentence. */
    static RepositoryFault.Source fault(String verb, String path, int errno) {
        return new RepositoryFault.Source("cannot " + verb + " " + path + ": " + Libc.words(errno));
    }

    /** A bug of a call, not of the file. */
    static IllegalStateException broken(Throwable thrown) {
        return new IllegalStateException("a system call could not be made", thrown);
    }

    /** Names in a directory, in the order of their bytes, without itself and its parent. */
    public List<String> list(String path) {
        Libc libc = Libc.ofThread();
        List<byte[]> names = new ArrayList<>();
        try {
            MemorySegment directory =
                    (MemorySegment) Libc.OPEN_DIRECTORY.invoke(libc.state, libc.path(Names.bytes(path), 0));
            if (directory.address() == 0) {
                throw fault("list", path, libc.errno());
            }
            while (true) {
                MemorySegment entry = (MemorySegment) Libc.READ_DIRECTORY.invoke(libc.state, directory);
                if (entry.address() == 0) {
                    break;
                }
                names.add(name(entry.reinterpret(ENTRY_NAME + 256 + 1)));
            }
            int closed = (int) Libc.CLOSE_DIRECTORY.invoke(libc.state, directory);
            assert closed == 0;
        } catch (RepositoryFault known) {
            throw known;
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
        names.sort(Arrays::compareUnsigned);
        return names.stream()
                .map(Names::text)
                .filter(n -> !n.equals(".") && !n.equals(".."))
                .toList();
    }

    private static byte[] name(MemorySegment entry) {
        int length = 0;
        while (entry.get(JAVA_BYTE, ENTRY_NAME + length) != 0) {
            length++;
        }
        return entry.asSlice(ENTRY_NAME, length).toArray(JAVA_BYTE);
    }

    /** What the file system says of a file; a link is not followed. */
    public Attributes attributes(String path) {
        Libc libc = Libc.ofThread();
        MemorySegment stat = libc.scratch.asSlice(RESULT, 256);
        try {
            int failed = (int) Libc.STATX.invoke(
                    libc.state, AT_CWD, libc.path(Names.bytes(path), 0), NO_FOLLOW, BASIC_STATS, stat);
            if (failed != 0) {
                throw fault("look at", path, libc.errno());
            }
        } catch (RepositoryFault known) {
            throw known;
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
        int mode = stat.get(JAVA_SHORT_UNALIGNED, 28) & 0xffff;
        Kind kind = Kind.ofMode(mode);
        boolean isDevice = kind == Kind.BLOCK_DEVICE || kind == Kind.CHARACTER_DEVICE;
        boolean hasLinks = isDevice || kind == Kind.FILE || kind == Kind.LINK;
        return new Attributes(
                kind,
                mode & 0xfff,
                stat.get(JAVA_INT_UNALIGNED, 20) & 0xffffffffL,
                stat.get(JAVA_INT_UNALIGNED, 24) & 0xffffffffL,
                stat.get(JAVA_LONG_UNALIGNED, 32),
                device(stat, 136),
                isDevice ? device(stat, 128) : 0,
                hasLinks ? stat.get(JAVA_INT_UNALIGNED, 16) & 0xffffffffL : 0,
                kind == Kind.FILE ? stat.get(JAVA_LONG_UNALIGNED, 40) : 0,
                time(stat, 112),
                time(stat, 96));
    }

    private static Instant time(MemorySegment stat, long at) {
        return Instant.ofEpochSecond(stat.get(JAVA_LONG_UNALIGNED, at), stat.get(JAVA_INT_UNALIGNED, at + 8));
    }

    private static long device(MemorySegment stat, long at) {
        long major = stat.get(JAVA_INT_UNALIGNED, at) & 0xffffffffL;
        long minor = stat.get(JAVA_INT_UNALIGNED, at + 4) & 0xffffffffL;
        return (major & 0xfffff000L) << 32 | (major & 0xfff) << 8 | (minor & 0xffffff00L) << 12 | minor & 0xff;
    }

    /** The node of a file without content and subtree: attributes, owners by name, link target, extended attributes. */
    public Node node(String path, String name) {
        Attributes attributes = attributes(path);
        return new Node(
                name,
                attributes,
                users.computeIfAbsent(attributes.uid(), uid -> owner(uid, true)),
                groups.computeIfAbsent(attributes.gid(), gid -> owner(gid, false)),
                attributes.kind() == Kind.LINK ? linkTarget(path) : "",
                extended(path),
                List.of(),
                java.util.Optional.empty());
    }

    private static synchronized String owner(long id, boolean user) {
        Libc libc = Libc.ofThread();
        try {
            MemorySegment entry = user
                    ? (MemorySegment) Libc.PASSWORD_ENTRY.invoke(libc.state, (int) id)
                    : (MemorySegment) Libc.GROUP_ENTRY.invoke(libc.state, (int) id);
            if (entry.address() == 0) {
                return "";
            }
            MemorySegment name = entry.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0);
            return name.reinterpret(256).getString(0);
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    private static String linkTarget(String path) {
        Libc libc = Libc.ofThread();
        try {
            long length = (long) Libc.READ_LINK.invoke(
                    libc.state, libc.path(Names.bytes(path), 0), libc.scratch.asSlice(RESULT, BUFFER), (long) BUFFER);
            if (length < 0) {
                throw fault("read the link", path, libc.errno());
            }
            return Names.text(libc.scratch.asSlice(RESULT, length).toArray(JAVA_BYTE));
        } catch (RepositoryFault known) {
            throw known;
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    /** All extended attributes; none where the file system has none. */
    public Map<String, byte[]> extended(String path) {
        Libc libc = Libc.ofThread();
        byte[] bytes = Names.bytes(path);
        MemorySegment result = libc.scratch.asSlice(RESULT, BUFFER);
        try {
            long length = (long) Libc.LIST_XATTR.invoke(libc.state, libc.path(bytes, 0), result, (long) BUFFER);
            if (length <= 0) {
                return Map.of();
            }
            Map<String, byte[]> found = new HashMap<>();
            for (String name :
                    Names.text(result.asSlice(0, length).toArray(JAVA_BYTE)).split("\0")) {
                long size = (long) Libc.GET_XATTR.invoke(
                        libc.state, libc.path(bytes, 0), libc.path(Names.bytes(name), 8192), result, (long) BUFFER);
                if (size >= 0) {
                    found.put(name, result.asSlice(0, size).toArray(JAVA_BYTE));
                }
            }
            return found;
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    /** Opens a file for reading, without touching its access time where that is allowed. */
    public OpenFile open(String path) {
        Libc libc = Libc.ofThread();
        byte[] bytes = Names.bytes(path);
        try {
            int file =
                    (int) Libc.OPEN.invoke(libc.state, libc.path(bytes, 0), READ_ONLY | NO_ATIME | NO_FOLLOW_OPEN, 0);
            if (file < 0 && libc.errno() == Libc.NOT_PERMITTED) {
                file = (int) Libc.OPEN.invoke(libc.state, libc.path(bytes, 0), READ_ONLY | NO_FOLLOW_OPEN, 0);
            }
            if (file < 0) {
                throw fault("open", path, libc.errno());
            }
            return new OpenFile(path, file);
        } catch (RepositoryFault known) {
            throw known;
        } catch (Throwable thrown) {
            throw broken(thrown);
        }
    }

    /** An open file, read from its beginning. Belongs to one thread at a time. */
    public static final class OpenFile implements AutoCloseable {
        private final String path;
        private final int file;

        OpenFile(String path, int file) {
            this.path = path;
            this.file = file;
        }

        /** Reads up to {@code length} bytes at {@code position}; 0 only at the end of the file. */
        public int read(byte[] target, int offset, int length, long position) {
            Libc libc = Libc.ofThread();
            MemorySegment buffer = libc.scratch;
            try {
                int wanted = (int) Math.min(length, buffer.byteSize());
                long count = (long) Libc.PREAD.invoke(libc.state, file, buffer, (long) wanted, position);
                if (count < 0) {
                    throw fault("read", path, libc.errno());
                }
                MemorySegment.copy(buffer, JAVA_BYTE, 0, target, offset, (int) count);
                return (int) count;
            } catch (RepositoryFault known) {
                throw known;
            } catch (Throwable thrown) {
                throw broken(thrown);
            }
        }

        /**
         * How many bytes from {@code position} on are a hole; 0 when there is data, or the file system does not tell.
         */
        public long hole(long position, long size) {
            Libc libc = Libc.ofThread();
            try {
                long data = (long) Libc.SEEK.invoke(libc.state, file, position, SEEK_DATA);
                if (data < 0) {
                    return libc.errno() == 6 ? size - position : 0;
                }
                return data - position;
            } catch (Throwable thrown) {
                throw broken(thrown);
            }
        }

        /** Where the data that begins at {@code position} ends in a hole, or in the end of the file. */
        public long endOfData(long position, long size) {
            Libc libc = Libc.ofThread();
            try {
                long end = (long) Libc.SEEK.invoke(libc.state, file, position, SEEK_HOLE);
                return end < 0 ? size : end;
            } catch (Throwable thrown) {
                throw broken(thrown);
            }
        }

        @Override
        public void close() {
            Libc libc = Libc.ofThread();
            try {
                int failed = (int) Libc.CLOSE.invoke(libc.state, file);
                assert failed == 0;
            } catch (Throwable thrown) {
                throw broken(thrown);
            }
        }
    }
}
