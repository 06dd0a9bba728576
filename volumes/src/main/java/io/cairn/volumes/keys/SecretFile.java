package io.cairn.volumes.keys;

import io.cairn.base.Entropy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A small file that nobody but its owner can read or exchange; it is refused when somebody could. Making and replacing
 * are atomic and durable. Stateless. Source of the steps: {@code docs/formats/keys.md}, "Writing".
 */
record SecretFile(Path path) {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int TYPE_MASK = 0xf000;
    private static final int REGULAR = 0x8000;
    private static final int OTHERS = 0077;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    SecretFile {
        path = path.toAbsolutePath();
    }

    /** The content, which the caller wipes; empty when there is no such file. */
    Optional<byte[]> read() {
        try {
            checkFile();
            checkDirectory();
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(content(file));
            }
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException failure) {
            throw unreadable("read", failure);
        }
    }

    private byte[] content(FileChannel file) throws IOException {
        if (file.size() > KeyLines.FILE_BYTES_MAX) {
            throw new KeyFault(KeyFault.Kind.DAMAGED, path + " has " + file.size() + " bytes: that is no key file");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) file.size());
        while (buffer.hasRemaining() && file.read(buffer) >= 0) {
            // Until the whole file is here.
        }
        byte[] content = Arrays.copyOf(buffer.array(), buffer.position());
        Arrays.fill(buffer.array(), (byte) 0);
        return content;
    }

    /** Makes the file; false, and nothing changed, when there is one already. */
    boolean make(byte[] content, Entropy entropy) {
        try {
            makeDirectory(directory());
            checkDirectory();
            Path fresh = write(content, entropy);
            try {
                Files.createLink(path, fresh);
            } catch (FileAlreadyExistsException faster) {
                return false;
            } finally {
                Files.delete(fresh);
                sync(directory());
            }
            return true;
        } catch (IOException failure) {
            throw unreadable("make", failure);
        }
    }

    private static void makeDirectory(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(directory)) {
            makeDirectory(parent);
            try {
                Files.createDirectory(directory, DIRECTORY);
            } catch (FileAlreadyExistsException faster) {
                if (!Files.isDirectory(directory)) {
                    throw faster;
                }
            }
            sync(parent);
        }
    }

    /** Puts this content in place of the old one. */
    void replace(byte[] content, Entropy entropy) {
        try {
            Path fresh = write(content, entropy);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            sync(directory());
        } catch (IOException failure) {
            throw unreadable("replace", failure);
        }
    }

    private Path write(byte[] content, Entropy entropy) throws IOException {
        String name = "." + path.getFileName() + "." + HexFormat.of().formatHex(entropy.bytes(Long.BYTES)) + ".new";
        Path fresh = path.resolveSibling(name);
        Set<StandardOpenOption> exclusively = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel file = FileChannel.open(fresh, exclusively, OWNER_ONLY)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                file.write(left);
            }
            file.force(true);
        } catch (IOException failure) {
            Files.deleteIfExists(fresh);
            throw failure;
        }
        return fresh;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path directory() {
        Path parent = path.getParent();
        if (parent == null) {
            throw new KeyFault(KeyFault.Kind.EXPOSED, path + " is no place for a key");
        }
        return parent;
    }

    private void checkFile() throws IOException {
        Map<String, Object> facts = Files.readAttributes(path, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
        int mode = mode(facts);
        if ((mode & TYPE_MASK) != REGULAR) {
            throw new KeyFault(KeyFault.Kind.EXPOSED, path + " is not a regular file");
        }
        if ((mode & OTHERS) != 0) {
            throw new KeyFault(
                    KeyFault.Kind.EXPOSED,
                    "%s has mode %04o: others than its owner could use it; see who did, then chmod 600 %s"
                            .formatted(path, mode & ~TYPE_MASK, path));
        }
        checkOwner(path, facts);
    }

    private void checkDirectory() throws IOException {
        Map<String, Object> facts = Files.readAttributes(directory(), "unix:mode,uid");
        int mode = mode(facts);
        if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
            throw new KeyFault(
                    KeyFault.Kind.EXPOSED,
                    "%s has mode %04o: others could exchange the key file in it; chmod go-w %s"
                            .formatted(directory(), mode & ~TYPE_MASK, directory()));
        }
        checkOwner(directory(), facts);
    }

    private static void checkOwner(Path thing, Map<String, Object> facts) throws IOException {
        int owner = (Integer) facts.getOrDefault("uid", -1);
        if (owner != 0 && owner != ownUser()) {
            throw new KeyFault(
                    KeyFault.Kind.EXPOSED,
                    "%s belongs to user %d; it must belong to the user of the daemon or to root"
                            .formatted(thing, owner));
        }
    }

    private static int mode(Map<String, Object> facts) {
        return (Integer) facts.getOrDefault("mode", 0);
    }

    private static int ownUser() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** A file that cannot be read is not lost: it may lie on a disk that is not mounted yet, or fail for a moment. */
    private KeyFault unreadable(String operation, IOException failure) {
        return new KeyFault(
                KeyFault.Kind.UNREACHABLE,
                "cannot " + operation + " " + path + ": " + failure.getClass().getSimpleName(),
                failure);
    }
}
