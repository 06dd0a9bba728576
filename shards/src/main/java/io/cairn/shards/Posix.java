package io.cairn.shards;

import java.io.IOException;
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

/**
 * The three calls of Linux that Java has no words for: open a raw descriptor, punch a hole, drop cached pages.
 * Stateless. Source: fallocate(2), posix_fadvise(2).
 */
final class Posix {
    private static final int OPEN_READ_WRITE_CLOEXEC = 0x2 | 0x80000;
    private static final int PUNCH_HOLE_KEEP_SIZE = 0x2 | 0x1;
    private static final int ADVICE_DONT_NEED = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle FALLOCATE = handle("fallocate", descriptorModeOffsetLength());
    private static final MethodHandle FADVISE = handle(
            "posix_fadvise",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    private Posix() {}

    private static FunctionDescriptor descriptorModeOffsetLength() {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG);
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }

    /** Opens a file for {@link #punch} and {@link #dropCache}; the caller closes the descriptor. */
    static int open(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment name = arena.allocateFrom(path.toString());
            int descriptor = (int) OPEN.invokeExact(state, name, OPEN_READ_WRITE_CLOEXEC);
            return checked(descriptor, state, "open " + path);
        } catch (IOException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static void close(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int _ = checked((int) CLOSE.invokeExact(state, descriptor), state, "close");
        } catch (IOException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static void punch(int descriptor, long offset, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int answer = (int) FALLOCATE.invokeExact(state, descriptor, PUNCH_HOLE_KEEP_SIZE, offset, length);
            int _ = checked(answer, state, "punch a hole of " + length + " bytes at " + offset);
        } catch (IOException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    static void dropCache(int descriptor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int error = (int) FADVISE.invokeExact(state, descriptor, 0L, 0L, ADVICE_DONT_NEED);
            if (error != 0) {
                throw new IOException("posix_fadvise failed with errno " + error);
            }
        } catch (IOException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    private static int checked(int answer, MemorySegment state, String operation) throws IOException {
        if (answer < 0) {
            throw new IOException(operation + " failed with errno " + (int) ERRNO.get(state, 0L));
        }
        return answer;
    }

    /** A method handle declares Throwable; only an error of the virtual machine can come here. */
    private static IllegalStateException unexpected(Throwable impossible) {
        return new IllegalStateException("a native call could not be made", impossible);
    }
}
