package io.cairn.shards;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A disk that passes everything on to another one, after {@link #before}. As safe for many threads as the other. */
abstract class ForwardingDisk implements Disk {
    private final Disk disk;

    ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    /** Called before each operation. */
    abstract void before() throws IOException;

    private void beforeQuietly() {
        try {
            before();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void createDirectory(String name) throws IOException {
        before();
        disk.createDirectory(name);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        before();
        return disk.list(directory);
    }

    @Override
    public boolean exists(String name) {
        beforeQuietly();
        return disk.exists(name);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        before();
        return new Forwarding(disk.create(name));
    }

    @Override
    public DiskFile open(String name, boolean writable) throws IOException {
        before();
        return new Forwarding(disk.open(name, writable));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        before();
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        before();
        disk.delete(name);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        before();
        disk.syncDirectory(directory);
    }

    @Override
    public Optional<String> stamp(String name) {
        beforeQuietly();
        return disk.stamp(name);
    }

    @Override
    public boolean lock(String name) throws IOException {
        before();
        return disk.lock(name);
    }

    @Override
    public long capacity() throws IOException {
        before();
        return disk.capacity();
    }

    @Override
    public long usable() throws IOException {
        before();
        return disk.usable();
    }

    @Override
    public boolean readOnly() {
        beforeQuietly();
        return disk.readOnly();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }

    private final class Forwarding implements DiskFile {
        private final DiskFile file;

        Forwarding(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            before();
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            before();
            file.write(source, position);
        }

        @Override
        public void force() throws IOException {
            before();
            file.force();
        }

        @Override
        public long size() throws IOException {
            before();
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            before();
            file.truncate(size);
        }

        @Override
        public void punch(long offset, long length) throws IOException {
            before();
            file.punch(offset, length);
        }

        @Override
        public void dropCache() throws IOException {
            before();
            file.dropCache();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
