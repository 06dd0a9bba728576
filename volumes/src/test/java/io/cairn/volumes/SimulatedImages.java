package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.Extent;
import io.cairn.host.ImageFiles;
import io.cairn.host.PoolSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Images of the {@link SimulatedKernel}: real files, whose text says what a real image would hold. */
record SimulatedImages(SimulatedKernel kernel) implements ImageFiles {
    private static final long THIN = 1 << 20;

    @Override
    public void create(Path image, ByteCount size, boolean thick) {
        if (Files.exists(image)) {
            throw SimulatedKernel.fault("create " + image, Errno.EEXIST);
        }
        if (thick && size.compareTo(kernel.poolAvailable) > 0) {
            throw SimulatedKernel.fault("create " + image, Errno.ENOSPC);
        }
        var content = new TreeMap<>(Map.of("size", Long.toString(size.bytes())));
        if (thick) {
            content.put("thick", "true");
        }
        SimulatedKernel.write(image, content);
    }

    @Override
    public void grow(Path image, ByteCount size) {
        if (SimulatedKernel.size(image) > size.bytes()) {
            throw SimulatedKernel.fault("shrink " + image, Errno.EINVAL);
        }
        SimulatedKernel.set(image, "size", Long.toString(size.bytes()));
    }

    @Override
    public void reserve(Path image) {
        SimulatedKernel.set(image, "thick", "true");
    }

    @Override
    public void reflink(Path from, Path to) {
        if (!kernel.reflinks) {
            throw SimulatedKernel.fault("reflink " + from, Errno.EOPNOTSUPP);
        }
        var _ = copySparse(from, to);
    }

    @Override
    public ByteCount copySparse(Path from, Path to) {
        if (Files.exists(to)) {
            throw SimulatedKernel.fault("copy to " + to, Errno.EEXIST);
        }
        Map<String, String> content = SimulatedKernel.read(from);
        content.remove("thick");
        SimulatedKernel.write(to, content);
        return ByteCount.of(THIN);
    }

    @Override
    public List<Extent> extents(Path image) {
        return List.of();
    }

    @Override
    public ByteCount allocated(Path image) {
        Map<String, String> content = SimulatedKernel.read(image);
        return ByteCount.of(content.containsKey("thick") ? Long.parseLong(content.get("size")) : THIN);
    }

    @Override
    public void delete(Path image) {
        try {
            Files.deleteIfExists(image);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public boolean reflinks(Path directory) {
        return kernel.reflinks;
    }

    @Override
    public PoolSpace space(Path directory) {
        return new PoolSpace(
                kernel.poolSize, kernel.poolAvailable, 1000, new DeviceNumber(8, 1), "xfs", kernel.poolReadOnly);
    }

    @Override
    public void syncDirectory(Path directory) {}
}
