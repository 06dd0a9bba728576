package io.cairn.host.linux;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.MountFlag;
import io.cairn.host.MountOptions;
import io.cairn.host.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A filesystem that is mounted nowhere: the kernel has opened it, replayed its journal, and lets go of it when this is
 * closed, or when the process dies. Unlike mount(2), this way says in words what is wrong. For one thread. Source:
 * fsopen(2), fsconfig(2), fsmount(2); Linux 5.2.
 */
final class DetachedMount implements AutoCloseable {
    private static final long FSOPEN = 430;
    private static final long FSCONFIG = 431;
    private static final long FSMOUNT = 432;
    private static final long CLOSE_ON_EXEC = 1;
    private static final long SET_FLAG = 0;
    private static final long SET_STRING = 1;
    private static final long CREATE = 6;
    private static final int MESSAGE_BYTES = 1024;

    private final int descriptor;

    private DetachedMount(int descriptor) {
        this.descriptor = descriptor;
    }

    static DetachedMount open(String source, String fsType, MountOptions options) {
        try (Arena arena = Arena.ofConfined()) {
            long context = Kernel.call(FSOPEN, text(arena, fsType), CLOSE_ON_EXEC, 0, 0, 0);
            demand(context, source, "the kernel knows no filesystem " + fsType);
            try {
                configure(arena, context, source, options);
                long mount = Kernel.call(FSMOUNT, context, CLOSE_ON_EXEC, 0, 0, 0);
                demand(mount, source, "");
                return new DetachedMount((int) mount);
            } finally {
                Kernel.closeNumber(context);
            }
        }
    }

    private static void configure(Arena arena, long context, String source, MountOptions options) {
        set(arena, context, SET_STRING, "source", source);
        if (options.flags().contains(MountFlag.READ_ONLY)) {
            set(arena, context, SET_FLAG, "ro", "");
        }
        for (String word : options.words()) {
            List<String> parts = List.of(word.split("=", 2));
            set(arena, context, parts.size() > 1 ? SET_STRING : SET_FLAG, parts.getFirst(), parts.getLast());
        }
        demand(Kernel.call(FSCONFIG, context, CREATE, 0, 0, 0), source, messages(arena, context));
    }

    private static void set(Arena arena, long context, long command, String key, String value) {
        long words = command == SET_FLAG ? 0 : text(arena, value);
        long answer = Kernel.call(FSCONFIG, context, command, text(arena, key), words, 0);
        demand(answer, key, answer < 0 ? messages(arena, context) : "");
    }

    private static long text(Arena arena, String text) {
        return arena.allocateFrom(text).address();
    }

    private static void demand(long answer, String thing, String reason) {
        if (answer < 0) {
            throw new HostFault("open the filesystem of", thing, Kernel.errno(answer), reason);
        }
    }

    /** What the kernel has to say, a message per read, each with a letter for its weight in front. */
    private static String messages(Arena arena, long context) {
        MemorySegment buffer = arena.allocate(MESSAGE_BYTES);
        var said = new StringBuilder();
        for (long count = Kernel.read(context, buffer); count > 0; count = Kernel.read(context, buffer)) {
            byte[] bytes = buffer.asSlice(0, count).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            String message = new String(bytes, StandardCharsets.UTF_8).strip().replaceFirst("^[a-z] ", "");
            said.append(said.isEmpty() ? "the kernel says: " : "; ").append(message);
        }
        return said.toString();
    }

    /** Unmounts it, before this returns. */
    @Override
    public void close() {
        Kernel.closeNumber(descriptor);
    }

    /** What the kernel says when it is asked to open this, or nothing when it has no complaint. */
    static String complaint(String source, String fsType, MountOptions options) {
        try (var _ = open(source, fsType, options)) {
            return "";
        } catch (HostFault fault) {
            int words = fault.getMessage().indexOf("the kernel ");
            return fault.errno().equals(Errno.ENOSYS) || words < 0
                    ? ""
                    : fault.getMessage().substring(words);
        }
    }
}
