package io.cairn.volumes.keys;

import io.cairn.base.Entropy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A key ring that whoever reads the file has. Stateless. */
record PlainRing(Path file, Entropy entropy) implements RingStore {
    @Override
    public ProviderKind kind() {
        return ProviderKind.FILE;
    }

    @Override
    public Optional<KeyRing> read() {
        Optional<byte[]> content = new SecretFile(file).read();
        try {
            return content.map(KeyRing::decode);
        } finally {
            content.ifPresent(secret -> Arrays.fill(secret, (byte) 0));
        }
    }

    @Override
    public boolean make(KeyRing ring) {
        byte[] content = ring.encode();
        try {
            return new SecretFile(file).make(content, entropy);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    @Override
    public void replace(KeyRing ring) {
        byte[] content = ring.encode();
        try {
            new SecretFile(file).replace(content, entropy);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
