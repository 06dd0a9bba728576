package io.cairn.repository.store;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.cairn.base.Entropy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * A repository in a directory. A file is written below {@code tmp/}, synced, renamed to its name, and its directory
 * synced, before {@link #save} returns. Safe for use by many threads and processes.
 */
public final class LocalDirectory implements Backend {
    private static final int FAN_OUT = 256;
    private static final int TEMPORARY_NAME_BYTES = 12;

    /** The JVM copies between arrays and files through memory of this size, which the processor's cache should hold. */
    private static final int SLICE = 256 << 10;

    private static final Set<PosixFilePermission> READ_ONLY = PosixFilePermissions.fromString("r--------");

    private final Path root;
    private final Entropy entropy;

    public LocalDirectory(Path root, Entropy entropy) {
        this.root = root;
        this.entropy = entropy;
    }

    @Override
    public void save(FileName name, byte[] content, int length) {
        attempt("write", name, () -> {
            Path written = writeTemporary(content, length);
            try {
                Path target = root.resolve(name.path());
                try {
                    Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
                } catch (NoSuchFileException noDirectory) {
                    makeDirectories(parent(target));
                    Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
                }
                sync(parent(target));
            } finally {
                Files.deleteIfExists(written);
            }
            return true;
        });
    }

    @Override
    public boolean saveIfAbsent(FileName name, byte[] content) {
        return attempt("write", name, () -> {
            Path written = writeTemporary(content, content.length);
            try {
                Path target = root.resolve(name.path());
                makeDirectories(parent(target));
                Files.createLink(target, written);
                sync(parent(target));
                return true;
            } catch (FileAlreadyExistsException taken) {
                return false;
            } finally {
                Files.deleteIfExists(written);
            }
        });
    }

    private Path writeTemporary(byte[] content, int length) throws IOException {
        Path directory = root.resolve("tmp");
        makeDirectories(directory);
        Path file = directory.resolve(HexFormat.of().formatHex(entropy.bytes(TEMPORARY_NAME_BYTES)));
        var permissions = PosixFilePermissions.asFileAttribute(READ_ONLY);
        try (FileChannel channel = FileChannel.open(file, Set.of(CREATE_NEW, WRITE), permissions)) {
            int at = 0;
            while (at < length) {
                at += channel.write(ByteBuffer.wrap(content, at, Math.min(SLICE, length - at)));
            }
            channel.force(true);
        } catch (IOException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
        return file;
    }

    @Override
    public byte[] load(FileName name) {
        return attempt("read", name, () -> Files.readAllBytes(root.resolve(name.path())));
    }

    @Override
    public void read(FileName name, long offset, byte[] target, int at, int length) {
        attempt("read", name, () -> {
            try (FileChannel channel = FileChannel.open(root.resolve(name.path()), READ)) {
                int done = 0;
                while (done < length) {
                    ByteBuffer slice = ByteBuffer.wrap(target, at + done, Math.min(SLICE, length - done));
                    int count = channel.read(slice, offset + done);
                    if (count < 0) {
                        throw new RepositoryFault.Damaged("file " + name + " in " + root + " ends at byte "
                                + channel.size() + ", before " + (offset + length));
                    }
                    done += count;
                }
            }
            return true;
        });
    }

    @Override
    public Map<String, Long> list(Area area) {
        return attempt("list " + area.directory() + " in", FileName.CONFIG, () -> {
            Map<String, Long> found = new HashMap<>();
            Path directory = root.resolve(area.directory());
            if (area == Area.PACKS) {
                try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory)) {
                    for (Path part : parts) {
                        listInto(part, found);
                    }
                } catch (NoSuchFileException none) {
                    return found;
                }
            } else {
                listInto(directory, found);
            }
            return found;
        });
    }

    private static void listInto(Path directory, Map<String, Long> found) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                try {
                    var attributes = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class);
                    if (attributes.isRegularFile()) {
                        found.put(String.valueOf(file.getFileName()), attributes.size());
                    }
                } catch (NoSuchFileException deleted) {
                    continue;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return;
        }
    }

    @Override
    public void delete(FileName name) {
        attempt("delete", name, () -> Files.deleteIfExists(root.resolve(name.path())));
    }

    @Override
    public void prepare() {
        attempt("create", FileName.CONFIG, () -> {
            if (Files.exists(root.resolve("config"))) {
                throw new RepositoryFault.Refused("there is a repository in " + root + " already");
            }
            for (Area area : Area.values()) {
                makeDirectories(root.resolve(area.directory()));
            }
            makeDirectories(root.resolve("tmp"));
            for (int i = 0; i < FAN_OUT; i++) {
                makeDirectories(root.resolve("data").resolve(HexFormat.of().toHexDigits((byte) i)));
            }
            sync(root.resolve("data"));
            return true;
        });
    }

    @Override
    public boolean writesEndWithProcess() {
        return true;
    }

    @Override
    public String place() {
        return root.toString();
    }

    /** Makes a directory and those above it, each durable before the one below. */
    private void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path above = parent(directory.toAbsolutePath());
        makeDirectories(above);
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException raced) {
            return;
        }
        sync(above);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        }
    }

    /** Something that touches the disk. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T attempt(String verb, FileName name, Work<T> work) {
        try {
            return work.run();
        } catch (NoSuchFileException absent) {
            throw new RepositoryFault.Missing("cannot " + verb + " " + name + ": it is not in " + root
                    + "; run `cairn repo check` if the repository should have it");
        } catch (IOException failed) {
            throw unavailable(verb, name, failed);
        }
    }

    private RepositoryFault unavailable(String verb, FileName name, IOException failed) {
        String reason = failed instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(failed.getMessage());
        String advice = reason.contains("No space left")
                ? "; make room, then run the same again: what was stored is reused"
                : "; look after the disk or the permissions, then run the same again";
        return new RepositoryFault.Unavailable(
                "cannot " + verb + " " + name + " in " + root + ": " + reason + advice, false, failed);
    }
}
