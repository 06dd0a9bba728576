package io.cairn.repository.tree;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * System calls of Linux by their functions in libc: names as bytes, all attributes, and errors by number. Each thread
 * has scratch memory of its own; safe for use by many threads.
 */
final class Libc {
    static final int NO_SUCH_FILE = 2;
    static final int NOT_PERMITTED = 1;
    static final int ACCESS_DENIED = 13;
    static final int EXISTS = 17;
    static final int NO_SPACE = 28;
    static final int RANGE = 34;
    static final int NO_DATA = 61;
    static final int NOT_SUPPORTED = 95;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout PTR = ValueLayout.ADDRESS;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    static final MethodHandle OPEN = call("open", INT, PTR, INT, INT);
    static final MethodHandle CLOSE = call("close", INT, INT);
    static final MethodHandle READ = call("read", LONG, INT, PTR, LONG);
    static final MethodHandle PREAD = call("pread", LONG, INT, PTR, LONG, LONG);
    static final MethodHandle PWRITE = call("pwrite", LONG, INT, PTR, LONG, LONG);
    static final MethodHandle SEEK = call("lseek", LONG, INT, LONG, INT);
    static final MethodHandle TRUNCATE = call("ftruncate", INT, INT, LONG);
    static final MethodHandle STATX = call("statx", INT, INT, PTR, INT, INT, PTR);
    static final MethodHandle READ_LINK = call("readlink", LONG, PTR, PTR, LONG);
    static final MethodHandle OPEN_DIRECTORY = call("opendir", PTR, PTR);
    static final MethodHandle READ_DIRECTORY = call("readdir", PTR, PTR);
    static final MethodHandle CLOSE_DIRECTORY = call("closedir", INT, PTR);
    static final MethodHandle LIST_XATTR = call("llistxattr", LONG, PTR, PTR, LONG);
    static final MethodHandle GET_XATTR = call("lgetxattr", LONG, PTR, PTR, PTR, LONG);
    static final MethodHandle SET_XATTR = call("lsetxattr", INT, PTR, PTR, PTR, LONG, INT);
    static final MethodHandle CHANGE_OWNER = call("lchown", INT, PTR, INT, INT);
    static final MethodHandle CHANGE_MODE = call("chmod", INT, PTR, INT);
    static final MethodHandle SET_TIMES = call("utimensat", INT, INT, PTR, PTR, INT);
    static final MethodHandle MAKE_DIRECTORY = call("mkdir", INT, PTR, INT);
    static final MethodHandle MAKE_NODE = call("mknod", INT, PTR, INT, LONG);
    static final MethodHandle SYMLINK = call("symlink", INT, PTR, PTR);
    static final MethodHandle LINK = call("link", INT, PTR, PTR);
    static final MethodHandle UNLINK = call("unlink", INT, PTR);
    static final MethodHandle PASSWORD_ENTRY = call("getpwuid", PTR, INT);
    static final MethodHandle GROUP_ENTRY = call("getgrgid", PTR, INT);

    private static final ThreadLocal<Libc> OF_THREAD = ThreadLocal.withInitial(Libc::new);
    private static final int SCRATCH = 272 << 10;

    private final Arena arena = Arena.ofAuto();

    /** Where a call leaves its error number. */
    final MemorySegment state = arena.allocate(STATE);

    /** Memory for the arguments and results of one call. */
    final MemorySegment scratch = arena.allocate(SCRATCH, Long.BYTES);

    private Libc() {}

    static Libc ofThread() {
        return OF_THREAD.get();
    }

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
        MemorySegment address = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
        return LINKER.downcallHandle(
                address, FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
    }

    int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    /** Puts a path at {@code at} of the scratch memory, with the zero that ends it. */
    MemorySegment path(byte[] path, int at) {
        if (path.length + 1 > 8192) {
            throw new IllegalArgumentException("a path has less than 8192 bytes");
        }
        MemorySegment target = scratch.asSlice(at, path.length + 1L);
        MemorySegment.copy(path, 0, target, ValueLayout.JAVA_BYTE, 0, path.length);
        target.set(ValueLayout.JAVA_BYTE, path.length, (byte) 0);
        return target;
    }

    /** The words of an error number that people meet. */
    static String words(int errno) {
        return switch (errno) {
            case NOT_PERMITTED -> "operation not permitted";
            case NO_SUCH_FILE -> "no such file or directory";
            case 5 -> "input/output error";
            case ACCESS_DENIED -> "permission denied";
            case EXISTS -> "file exists";
            case 20 -> "not a directory";
            case 21 -> "is a directory";
            case 24 -> "too many open files";
            case NO_SPACE -> "no space left on device";
            case 30 -> "read-only file system";
            case 36 -> "file name too long";
            case 116 -> "stale file handle";
            case 122 -> "disk quota exceeded";
            default -> "error " + errno;
        };
    }
}
