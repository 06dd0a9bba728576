package io.cairn.volumes.keys;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.host.KeyMaterial;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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

    /**
     * In the transit engine of a Vault at {@code address}, such as {@code https://vault.example:8200}: the key of that
     * name under {@code mount}. {@code authority} is a file of certificates that the server's is checked against, in
     * place of the system's.
     */
    record Vault(
            URI address, String mount, String key, Path tokenFile, Optional<Path> authority, Optional<String> namespace)
            implements KeySource {
        private static final Pattern MOUNT =
                Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
        private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
        private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._/-]{1,256}");
        private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
        private static final int NAME_CHARS_MAX = 64;

        public Vault {
            String host = Objects.requireNonNullElse(address.getHost(), "");
            boolean plain = "http".equals(address.getScheme()) && HERE.contains(host);
            if (host.isEmpty() || !"https".equals(address.getScheme()) && !plain) {
                throw new IllegalArgumentException("the address of a Vault is https://host:port (http only to this"
                        + " machine itself), not '" + address + "'");
            }
            if (!Objects.requireNonNullElse(address.getPath(), "").matches("/?")
                    || address.getQuery() != null
                    || address.getUserInfo() != null) {
                throw new IllegalArgumentException(
                        "the address of a Vault has no path, query or user: '" + address + "'");
            }
            address = URI.create(address.toString().replaceFirst("/$", ""));
            if (!MOUNT.matcher(mount).matches() || mount.length() > NAME_CHARS_MAX) {
                throw new IllegalArgumentException("not the mount of a transit engine: '" + mount + "'");
            }
            if (!KEY.matcher(key).matches() || key.length() > NAME_CHARS_MAX) {
                throw new IllegalArgumentException("not the name of a key: '" + key + "'");
            }
            if (namespace.isPresent() && !NAMESPACE.matcher(namespace.get()).matches()) {
                throw new IllegalArgumentException("not a namespace of a Vault: '" + namespace.get() + "'");
            }
        }

        @Override
        public KeyProvider open(Clock clock, Entropy entropy) {
            return new VaultProvider(this, new VaultCalls(this));
        }
    }

    /**
     * Reads the words of a configuration: {@code provider} and what that one needs, see {@link KeyWord}.
     *
     * @throws IllegalArgumentException when a word is unknown (the nearest is named), missing or not for this provider
     */
    static KeySource of(Map<String, String> words) {
        return KeyWord.source(words);
    }
}
