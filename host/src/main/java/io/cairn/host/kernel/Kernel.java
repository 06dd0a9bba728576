package io.cairn.host.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.cairn.host.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The system calls that Java has no words for. Each answers as the kernel does: zero or more when it worked, otherwise
 * the error number negated. A call that a signal interrupted is made again. Stateless; a call blocks its carrier
 * thread, so callers come through {@link PlatformThreads}. Source: section 2 of the Linux manual.
 */
public final class Kernel {
    /** The directory argument of the {@code …at} calls that means the working directory. */
    static final int AT_WORKING_DIRECTORY = -100;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle IOCTL = variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle MOUNT =
            function("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle UMOUNT2 = function("umount2", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle FALLOCATE =
            function("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FTRUNCATE = function("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle FSYNC = function("fsync", JAVA_INT, JAVA_INT);
    private static final MethodHandle SYNCFS = function("syncfs", JAVA_INT, JAVA_INT);
    private static final MethodHandle LSEEK = function("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle STATFS = function("statfs", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle STATX =
            function("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle LINKAT =
            function("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SYSCALL =
            variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private Kernel() {}

    private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle variadic(String name, int fixed, ValueLayout result, ValueLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments), Linker.Option.firstVariadicArg(fixed));
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }

    static long open(MemorySegment path, int flags, int mode) {
        return call(state -> (int) OPEN.invokeExact(state, path, flags, mode));
    }

    /** Never made again: the descriptor is gone even when a signal came. */
    static long close(int descriptor) {
        return once(state -> (int) CLOSE.invokeExact(state, descriptor));
    }

    static long ioctl(int descriptor, long request, MemorySegment argument) {
        return call(state -> (int) IOCTL.invokeExact(state, descriptor, request, argument));
    }

    static long fcntl(int descriptor, int command, MemorySegment argument) {
        return call(state -> (int) FCNTL.invokeExact(state, descriptor, command, argument));
    }

    /** A null pointer is {@link MemorySegment#NULL}. */
    public static long mount(
            MemorySegment source, MemorySegment target, MemorySegment type, long flags, MemorySegment data) {
        return call(state -> (int) MOUNT.invokeExact(state, source, target, type, flags, data));
    }

    public static long unmount(MemorySegment target, int flags) {
        return call(state -> (int) UMOUNT2.invokeExact(state, target, flags));
    }

    static long allocate(int descriptor, int mode, long offset, long length) {
        return call(state -> (int) FALLOCATE.invokeExact(state, descriptor, mode, offset, length));
    }

    static long truncate(int descriptor, long size) {
        return call(state -> (int) FTRUNCATE.invokeExact(state, descriptor, size));
    }

    static long sync(int descriptor) {
        return call(state -> (int) FSYNC.invokeExact(state, descriptor));
    }

    static long syncFilesystem(int descriptor) {
        return call(state -> (int) SYNCFS.invokeExact(state, descriptor));
    }

    static long seek(int descriptor, long offset, int whence) {
        return call(state -> (long) LSEEK.invokeExact(state, descriptor, offset, whence));
    }

    static long filesystemStatus(MemorySegment path, MemorySegment result) {
        return call(state -> (int) STATFS.invokeExact(state, path, result));
    }

    static long fileStatus(MemorySegment path, int flags, int mask, MemorySegment result) {
        return call(state -> (int) STATX.invokeExact(state, AT_WORKING_DIRECTORY, path, flags, mask, result));
    }

    static long link(MemorySegment from, MemorySegment to, int flags) {
        return call(
                state -> (int) LINKAT.invokeExact(state, AT_WORKING_DIRECTORY, from, AT_WORKING_DIRECTORY, to, flags));
    }

    /** A call that the C library has no function for, by its number. */
    public static long call(long number, long a, long b, long c, long d, long e) {
        return call(state -> (long) SYSCALL.invokeExact(state, number, a, b, c, d, e));
    }

    /** Makes a special file; {@code mode} has its type. The C library has no such function in all its versions. */
    public static long makeNode(Path path, int mode, long device) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path.toString()).address();
            return call(Machine.MAKE_NODE_AT, AT_WORKING_DIRECTORY, name, mode, device, 0);
        }
    }

    /** Reads some bytes into all of the buffer or less. */
    public static long read(long descriptor, MemorySegment buffer) {
        return call(Machine.READ, descriptor, buffer.address(), buffer.byteSize(), 0, 0);
    }

    /** Closes a descriptor that came as a bare number. */
    public static void closeNumber(long descriptor) {
        close((int) descriptor);
    }

    /** The error of an answer below zero. */
    public static Errno errno(long answer) {
        return new Errno((int) -answer);
    }

    private static long call(NativeCall call) {
        long answer;
        do {
            answer = once(call);
        } while (answer == -Errno.EINTR.number());
        return answer;
    }

    private static long once(NativeCall call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long answer = call.make(state);
            return answer < 0 ? -(int) ERRNO.get(state, 0L) : answer;
        } catch (Throwable impossible) {
            // A method handle declares Throwable; only an error of the virtual machine can come here.
            throw new IllegalStateException("a native call could not be made", impossible);
        }
    }

    /** One native call, which leaves its error number in {@code state}. */
    @FunctionalInterface
    private interface NativeCall {
        long make(MemorySegment state) throws Throwable;
    }
}
