package io.cairn.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file of a listening unix socket, from the claim on its name to its removal. The name is claimed by a lock on a
 * hidden file beside it, which the kernel drops with the process, so that the socket of a dead server is told from that
 * of a live one, and two servers that start at once cannot both win. The socket is bound in a private directory, given
 * its mode there, and renamed into place: nobody can connect before the mode holds. Used by one thread at a time.
 */
final class SocketFile implements AutoCloseable {
    /** What the kernel takes as the path of a socket, without the final zero. */
    private static final int PATH_BYTES_MAX = 107;

    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private static final Set<StandardOpenOption> LOCK_OPEN =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> PRIVATE_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    /** The names that this process has, for the kernel does not guard a process from itself. */
    private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;
    private Optional<Object> published = Optional.empty();

    private SocketFile(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Claims the name. Throws {@link IOException} with a sentence when a live server has it, or something else. */
    static SocketFile claim(Path path) throws IOException {
        Path directory = path.getParent();
        if (directory == null || path.getFileName() == null) {
            throw new IOException("the path of a socket names a file in a directory, not " + path);
        }
        if (!CLAIMED.add(path)) {
            throw new IOException("this process already listens on " + path);
        }
        SocketFile claimed = null;
        boolean ready = false;
        try {
            Files.createDirectories(directory);
            Path lockFile = directory.resolve("." + path.getFileName() + ".lock");
            claimed = new SocketFile(path, lockFile, locked(lockFile, path));
            claimed.requireFitAndFree();
            claimed.makeDraftDirectory();
            ready = true;
            return claimed;
        } finally {
            if (!ready && claimed != null) {
                claimed.close();
            } else if (!ready) {
                CLAIMED.remove(path);
            }
        }
    }

    /**
     * A lock on the file of this name. Its last owner may delete it while we open and lock it, and such a lock would
     * guard nothing; so the name must stand for the same file before and after. (The file is never opened twice: to
     * close any channel on it drops every lock that the process has on it.)
     */
    private static FileChannel locked(Path lockFile, Path path) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(lockFile, LOCK_OPEN, PRIVATE_FILE);
            boolean kept = false;
            try {
                Optional<Object> named = inode(lockFile);
                if (channel.tryLock() == null) {
                    throw new IOException("another process" + owner(channel) + " already listens on " + path
                            + "; stop it, or choose another path");
                }
                kept = named.isPresent() && named.equals(inode(lockFile));
                if (kept) {
                    channel.truncate(0).write(ByteBuffer.wrap(ownPid()), 0);
                    return channel;
                }
            } finally {
                if (!kept) {
                    channel.close();
                }
            }
        }
    }

    private static byte[] ownPid() {
        return Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer digits = ByteBuffer.allocate(Long.SIZE);
        int count = Math.max(0, channel.read(digits, 0));
        return count == 0 ? "" : " (" + new String(digits.array(), 0, count, StandardCharsets.US_ASCII) + ")";
    }

    private void requireFitAndFree() throws IOException {
        int bytes = draft().toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PATH_BYTES_MAX) {
            throw new IOException("the path of the socket " + path + " is " + (bytes - PATH_BYTES_MAX)
                    + " bytes too long for the kernel; choose a shorter one");
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE) != SOCKET) {
            throw new IOException(path + " is there and is not a socket; move it away, or choose another path");
        }
        if (answers()) {
            throw new IOException("another program already listens on " + path + "; stop it, or choose another path");
        }
    }

    /** Whether somebody listens there; without waiting, for one that hangs may have a full queue. */
    private boolean answers() throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            boolean _ = channel.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException dead) {
            return false;
        } catch (IOException busy) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private Path draftDirectory() {
        return path.resolveSibling("." + path.getFileName() + ".d");
    }

    private void makeDraftDirectory() throws IOException {
        try {
            Files.createDirectory(draftDirectory(), PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY));
        } catch (FileAlreadyExistsException leftBehind) {
            Files.setPosixFilePermissions(draftDirectory(), PRIVATE_DIRECTORY);
            Files.deleteIfExists(draft());
        }
    }

    /** Where the socket is to be bound. */
    Path draft() {
        return draftDirectory().resolve("s");
    }

    /** Gives the bound socket its mode and its name. */
    void publish(Set<PosixFilePermission> mode) throws IOException {
        Files.setPosixFilePermissions(draft(), mode);
        published = inode(draft());
        Files.move(draft(), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(draftDirectory());
    }

    private static Optional<Object> inode(Path file) throws IOException {
        try {
            return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** Removes the socket, unless its name belongs to another by now, and gives up the claim. */
    @Override
    public void close() throws IOException {
        try (lock) {
            Files.deleteIfExists(draft());
            Files.deleteIfExists(draftDirectory());
            if (published.isPresent() && published.equals(inode(path))) {
                Files.delete(path);
            }
            // Deleted while it is locked: whoever opened it meanwhile sees that the name stands for it no more.
            Files.deleteIfExists(lockFile);
        } finally {
            CLAIMED.remove(path);
        }
    }
}
