package io.cairn.shards;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory of a Linux file system. Safe for use by many threads. */
final class FileDisk implements Disk {
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path root;
    private @Nullable FileChannel lockFile;

    FileDisk(Path root) {
        this.root = root.toAbsolutePath();
    }

    Path path(String name) {
        return name.isEmpty() ? root : root.resolve(name);
    }

    @Override
    public void createDirectory(String name) throws IOException {
        if (!Files.isDirectory(path(name))) {
            Files.createDirectories(path(name), PRIVATE_DIRECTORY);
        }
    }

    @Override
    public List<String> list(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(path(directory))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(path(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new ChannelFile(path(name), FileChannel.open(path(name), options, PRIVATE_FILE), true);
    }

    @Override
    public DiskFile open(String name, boolean writable) throws IOException {
        return new ChannelFile(path(name), ChannelFile.channel(path(name), writable), writable);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path _ = Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(path(name));
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        try (FileChannel channel = FileChannel.open(path(directory), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<String> stamp(String name) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(name), BasicFileAttributes.class);
            return Optional.of(String.valueOf(attributes.fileKey()));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    @Override
    public boolean lock(String name) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileChannel channel = FileChannel.open(path(name), options, PRIVATE_FILE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                lockFile = channel;
                return true;
            }
        } catch (OverlappingFileLockException takenByThisProcess) {
            channel.close();
            return false;
        }
        channel.close();
        return false;
    }

    @Override
    public long capacity() throws IOException {
        return Files.getFileStore(root).getTotalSpace();
    }

    @Override
    public long usable() throws IOException {
        // One statvfs; Files.getFileStore would read the table of mounts, which is far dearer and is asked for per
        // batch.
        return root.toFile().getUsableSpace();
    }

    @Override
    public boolean readOnly() {
        try {
            return Files.getFileStore(root).isReadOnly();
        } catch (IOException unknown) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (lockFile != null) {
            lockFile.close();
        }
    }
}
