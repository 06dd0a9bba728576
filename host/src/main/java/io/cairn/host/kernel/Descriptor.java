package io.cairn.host.kernel;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * An open file of the kernel, closed on exec. Methods that answer a long answer as {@link Kernel} does; the others
 * throw {@link HostFault}. For one thread at a time.
 */
public final class Descriptor implements AutoCloseable {
    public static final int READ_ONLY = 0;
    public static final int READ_WRITE = 0x2;
    public static final int CREATE = 0x40;

    /** With CREATE: the file must not exist. On a block device: nobody else has claimed it, nobody can. */
    public static final int EXCLUSIVE = 0x80;

    public static final int DIRECTORY = Machine.OPEN_DIRECTORY;

    /** A file without a name in the directory that is opened; see {@link #link}. */
    public static final int UNNAMED = 0x400000 | DIRECTORY;

    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int SET_LOCK_OF_OPEN_FILE = 37;
    private static final int LOCK_BYTES = 32;
    private static final short WRITE_LOCK = 1;
    private static final int FOLLOW_LINKS = 0x400;
    private static final int OWNER_ONLY = 0600;

    private final int number;
    private final Path path;
    private boolean closed;

    private Descriptor(int number, Path path) {
        this.number = number;
        this.path = path;
    }

    /** Opens; a new file is its owner's alone. {@code nextStep} is for the message of the fault. */
    public static Descriptor open(Path path, int flags, String nextStep) {
        long answer = tryOpen(path, flags);
        if (answer < 0) {
            throw new HostFault("open", path, Kernel.errno(answer), nextStep);
        }
        return new Descriptor((int) answer, path);
    }

    public static Descriptor open(Path path, int flags) {
        return open(path, flags, "");
    }

    /** The descriptor's number, or the error number negated. The caller wraps or closes it. */
    static long tryOpen(Path path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return Kernel.open(arena.allocateFrom(path.toString()), flags | CLOSE_ON_EXEC, OWNER_ONLY);
        }
    }

    public int number() {
        return number;
    }

    public Path path() {
        return path;
    }

    /** A path that leads to the open file itself, whatever became of its name. */
    public Path magicPath() {
        return Path.of("/proc/self/fd/" + number);
    }

    public long ioctl(long request, MemorySegment argument) {
        return Kernel.ioctl(number, request, argument);
    }

    public long ioctl(long request, long argument) {
        return Kernel.ioctl(number, request, MemorySegment.ofAddress(argument));
    }

    public long allocate(int mode, long offset, long length) {
        return Kernel.allocate(number, mode, offset, length);
    }

    public long truncate(long size) {
        return Kernel.truncate(number, size);
    }

    /** The next byte at or after {@code offset} that is data; ENXIO when only a hole follows. */
    public long seekData(long offset) {
        return Kernel.seek(number, offset, SEEK_DATA);
    }

    /** The next byte at or after {@code offset} that is in a hole; the end of the file is one. */
    public long seekHole(long offset) {
        return Kernel.seek(number, offset, SEEK_HOLE);
    }

    /** Makes content and size durable; of a directory, its entries. */
    public void sync() {
        demand(Kernel.sync(number), "fsync", "what was written to it may be lost");
    }

    /** Writes back everything of the filesystem that the file is on. */
    public void syncFilesystem() {
        demand(Kernel.syncFilesystem(number), "syncfs of", "what was written to it may be lost");
    }

    /**
     * Takes the write lock that belongs to this open file, if nobody has it: EAGAIN otherwise. It ends when the
     * descriptor is closed or the process dies. Locks of flock(2), which cryptsetup takes, are not touched by it.
     */
    public long tryLock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lock = arena.allocate(LOCK_BYTES, Long.BYTES);
            lock.set(ValueLayout.JAVA_SHORT, 0, WRITE_LOCK);
            return Kernel.fcntl(number, SET_LOCK_OF_OPEN_FILE, lock);
        }
    }

    /** Gives an unnamed file its name, in one step; EEXIST when it is taken. */
    public long link(Path name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(magicPath().toString());
            return Kernel.link(from, arena.allocateFrom(name.toString()), FOLLOW_LINKS);
        }
    }

    /** Returns the answer, or throws when it is an error. */
    public long demand(long answer, String operation, String nextStep) {
        if (answer < 0) {
            throw new HostFault(operation, path, Kernel.errno(answer), nextStep);
        }
        return answer;
    }

    /** Closing again does nothing. An error of close says nothing that fsync did not say. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Kernel.close(number);
        }
    }

    /** True when an answer is this error. */
    public static boolean is(long answer, Errno errno) {
        return answer == -errno.number();
    }
}
