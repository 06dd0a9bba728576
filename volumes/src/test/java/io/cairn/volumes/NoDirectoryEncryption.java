package io.cairn.volumes;

import io.cairn.host.DirectoryEncryption;
import io.cairn.host.KeyMaterial;
import io.cairn.host.Support;
import java.nio.file.Path;

/** A host whose filesystems cannot encrypt. Stateless. */
final class NoDirectoryEncryption implements DirectoryEncryption {
    @Override
    public Support support(Path mountpoint) {
        return new Support.Missing("simulated");
    }

    @Override
    public String addKey(Path mountpoint, KeyMaterial key) {
        throw new IllegalStateException("not supported");
    }

    @Override
    public void setPolicy(Path directory, String keyIdentifier) {
        throw new IllegalStateException("not supported");
    }

    @Override
    public void removeKey(Path mountpoint, String keyIdentifier) {}
}
