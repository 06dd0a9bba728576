package io.cairn.volumes.keys;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.host.KeyMaterial;
import java.nio.file.Path;
import java.util.Arrays;

/** Where a host is told to have its master keys. Opening asks nobody and reads nothing yet. */
public sealed interface KeySource {
    KeyProvider open(Clock clock, Entropy entropy);

    /** In this file, made on first need. */
    record KeyFile(Path file) implements KeySource {
        @Override
        public KeyProvider open(Clock clock, Entropy entropy) {
            return new RingProvider(new PlainRing(file.toAbsolutePath(), entropy), clock, entropy);
        }
    }

    /**
     * In this file, made on first need, which opens with the first line of {@code passphraseFile}: a file in memory
     * (systemd credentials, a tmpfs), written when the host starts.
     */
    record Passphrase(Path file, Path passphraseFile) implements KeySource {
        static final int CHARS_MIN = 12;

        @Override
        public KeyProvider open(Clock clock, Entropy entropy) {
            var store = new SealedRing(file.toAbsolutePath(), this::read, Stretching.STANDARD, entropy);
            return new RingProvider(store, clock, entropy);
        }

        private KeyMaterial read() {
            byte[] content = new SecretFile(passphraseFile)
                    .read()
                    .orElseThrow(() -> new KeyFault(
                            KeyFault.Kind.UNREACHABLE, "the passphrase is not there: no file " + passphraseFile));
            int end = 0;
            while (end < content.length && content[end] != '\n' && content[end] != '\r') {
                end++;
            }
            byte[] words = Arrays.copyOf(content, end);
            try {
                if (end < CHARS_MIN) {
                    throw new KeyFault(
                            KeyFault.Kind.REFUSED,
                            "the passphrase in %s has %d bytes, at least %d are asked for: it is all that protects the"
                                            .formatted(passphraseFile, end, CHARS_MIN)
                                    + " volumes");
                }
                return new KeyMaterial(words);
            } finally {
                Arrays.fill(content, (byte) 0);
                Arrays.fill(words, (byte) 0);
            }
        }
    }
}
