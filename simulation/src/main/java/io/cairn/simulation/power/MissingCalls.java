package io.cairn.simulation.power;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import org.cryptomator.jfuse.api.Fuse;

/**
 * The two calls of libfuse 3 that jfuse has no words for: {@code link} and {@code fallocate}. They are entered into its
 * table of functions before it is mounted. Source: struct fuse_operations in fuse.h. Called by libfuse's threads.
 */
final class MissingCalls {
    private static final int LINK = 8;
    private static final int FALLOCATE = 39;
    private static final int PATH_BYTES_MAX = 4096;

    private final FileOperations operations;

    private MissingCalls(FileOperations operations) {
        this.operations = operations;
    }

    /** Enters the calls; their stubs live as long as the program does. */
    static void enter(Fuse fuse, FileOperations operations) throws IOException {
        try {
            Field table = Fuse.class.getDeclaredField("fuseOperationsStruct");
            table.setAccessible(true);
            MemorySegment functions = (MemorySegment) table.get(fuse);
            MissingCalls calls = new MissingCalls(operations);
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle link = lookup.findVirtual(
                            MissingCalls.class,
                            "link",
                            MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class))
                    .bindTo(calls);
            MethodHandle fallocate = lookup.findVirtual(
                            MissingCalls.class,
                            "fallocate",
                            MethodType.methodType(
                                    int.class,
                                    MemorySegment.class,
                                    int.class,
                                    long.class,
                                    long.class,
                                    MemorySegment.class))
                    .bindTo(calls);
            functions.setAtIndex(
                    ValueLayout.ADDRESS,
                    LINK,
                    stub(link, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS)));
            functions.setAtIndex(
                    ValueLayout.ADDRESS,
                    FALLOCATE,
                    stub(
                            fallocate,
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.ADDRESS)));
        } catch (ReflectiveOperationException changed) {
            throw new IOException("this version of jfuse keeps its functions elsewhere", changed);
        }
    }

    private static MemorySegment stub(MethodHandle target, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().upcallStub(target, descriptor, Arena.global());
    }

    @SuppressWarnings("unused") // called by libfuse
    private int link(MemorySegment existing, MemorySegment path) {
        return operations.link(text(existing), text(path));
    }

    @SuppressWarnings("unused") // called by libfuse
    private int fallocate(MemorySegment path, int mode, long offset, long length, MemorySegment info) {
        return operations.allocate(text(path), mode, offset, length);
    }

    private static String text(MemorySegment pointer) {
        return pointer.reinterpret(PATH_BYTES_MAX).getString(0);
    }
}
