package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.base.Entropy;
import io.cairn.host.KeyMaterial;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The master keys that this host keeps itself: versions of one, numbered from 1, of which the last wraps. A version
 * goes by {@code <id of the ring>/<number>}. Unchanging but for {@link #close}, which wipes it. Source:
 * {@code docs/formats/keys.md}.
 */
final class KeyRing implements AutoCloseable {
    static final int VERSIONS_MAX = 1000;
    static final int NUMBER_MAX = 999_999_999;
    private static final String FIRST_LINE = "cairn-master-key 1";
    private static final int UUID_VERSION_MASK = 0xf000;
    private static final int UUID_VERSION_RANDOM = 0x4000;

    /** One version: when it was made, and its 256 bits. */
    private record Version(Instant made, KeyMaterial key) {}

    private final String id;
    private final NavigableMap<Integer, Version> versions;

    private KeyRing(String id, Map<Integer, Version> versions) {
        this.id = id;
        this.versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
    }

    /** A ring that nobody has seen before, with its first version. */
    static KeyRing make(Instant now, Entropy entropy) {
        return new KeyRing(randomId(entropy), Map.of(1, fresh(now, entropy)));
    }

    /** A ring with the same versions and one more. It shares them with this one: close only one of the two. */
    KeyRing withNext(Instant now, Entropy entropy) {
        if (versions.size() == VERSIONS_MAX || versions.lastKey() == NUMBER_MAX) {
            throw new KeyFault(
                    KeyFault.Kind.REFUSED,
                    "the key file has %d master keys: retire those that nothing needs".formatted(versions.size()));
        }
        Map<Integer, Version> more = new TreeMap<>(versions);
        more.put(versions.lastKey() + 1, fresh(now, entropy));
        return new KeyRing(id, more);
    }

    /** A ring without the versions that are neither the last one nor in use. It shares the others with this one. */
    KeyRing without(Set<String> inUse) {
        Map<Integer, Version> fewer = new TreeMap<>(versions);
        fewer.keySet().removeIf(number -> !number.equals(versions.lastKey()) && !inUse.contains(keyId(number)));
        return new KeyRing(id, fewer);
    }

    private static Version fresh(Instant now, Entropy entropy) {
        byte[] key = entropy.bytes(Seal.KEY_BYTES);
        Version version = new Version(now.truncatedTo(ChronoUnit.SECONDS), new KeyMaterial(key));
        Arrays.fill(key, (byte) 0);
        return version;
    }

    private static String randomId(Entropy entropy) {
        long high = entropy.nextLong() & ~(long) UUID_VERSION_MASK | UUID_VERSION_RANDOM;
        long low = entropy.nextLong() & Long.MAX_VALUE >>> 1 | Long.MIN_VALUE;
        return new UUID(high, low).toString();
    }

    String id() {
        return id;
    }

    int size() {
        return versions.size();
    }

    /** The version that wraps. */
    String newest() {
        return keyId(versions.lastKey());
    }

    private String keyId(int number) {
        return id + "/" + number;
    }

    /** The bytes of a version, valid until the ring is closed; empty when it is not, or no longer, here. */
    Optional<byte[]> key(String keyId) {
        return versions.entrySet().stream()
                .filter(version -> keyId(version.getKey()).equals(keyId))
                .map(version -> version.getValue().key().bytes())
                .findFirst();
    }

    /** The content of the key file. Secret: the caller wipes it. */
    byte[] encode() {
        try (WipedBytes out = new WipedBytes()) {
            out.writeBytes((FIRST_LINE + "\nid " + id + "\n").getBytes(UTF_8));
            versions.forEach((number, version) -> {
                out.writeBytes(("key " + number + " " + version.made() + " ").getBytes(UTF_8));
                out.writeBytes(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encode(version.key().bytes()));
                out.write('\n');
            });
            return out.withChecksum();
        }
    }

    /** The ring in the content of a key file; refuses what is not as {@link #encode} writes it. */
    static KeyRing decode(byte[] file) {
        List<byte[]> lines = KeyLines.checked(file, FIRST_LINE);
        if (lines.size() < 2 || lines.size() > VERSIONS_MAX + 1) {
            throw KeyLines.damaged("has " + lines.size() + " lines");
        }
        NavigableMap<Integer, Version> versions = new TreeMap<>();
        for (byte[] line : lines.subList(1, lines.size())) {
            addVersion(KeyLines.after("key", line), versions);
            Arrays.fill(line, (byte) 0);
        }
        return new KeyRing(id(lines.getFirst()), versions);
    }

    /** The id in the line that starts with that word. */
    static String id(byte[] line) {
        String text = new String(KeyLines.after("id", line), UTF_8);
        try {
            if (UUID.fromString(text).toString().equals(text)) {
                return text;
            }
        } catch (IllegalArgumentException notOne) {
            throw new KeyFault(KeyFault.Kind.DAMAGED, "the key file has no id", notOne);
        }
        throw KeyLines.damaged("has no id");
    }

    private static void addVersion(byte[] line, NavigableMap<Integer, Version> versions) {
        byte[] key = {};
        try {
            int first = indexOf(line, ' ', 0);
            int second = indexOf(line, ' ', first + 1);
            int number = Integer.parseInt(new String(line, 0, first, UTF_8));
            if (number < 1 || number > NUMBER_MAX || !versions.isEmpty() && number <= versions.lastKey()) {
                throw KeyLines.damaged("has its master keys out of order");
            }
            Instant made = Instant.parse(new String(line, first + 1, second - first - 1, UTF_8));
            key = Base64.getUrlDecoder().decode(Arrays.copyOfRange(line, second + 1, line.length));
            if (key.length != Seal.KEY_BYTES) {
                throw KeyLines.damaged("has a master key of " + key.length + " bytes");
            }
            versions.put(number, new Version(made, new KeyMaterial(key)));
        } catch (IllegalArgumentException | DateTimeException unreadable) {
            // Not as a cause: it could quote the key.
            throw KeyLines.damaged("has a master key that cannot be read");
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(line, (byte) 0);
        }
    }

    private static int indexOf(byte[] bytes, char sought, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == sought) {
                return i;
            }
        }
        throw KeyLines.damaged("has a line that is too short");
    }

    @Override
    public void close() {
        versions.values().forEach(version -> version.key().close());
    }

    /** Collects secret bytes, and wipes its own copy of them. For one thread. */
    private static final class WipedBytes extends ByteArrayOutputStream {
        WipedBytes() {
            // Growing would leave copies behind.
            super(KeyLines.FILE_BYTES_MAX);
        }

        byte[] withChecksum() {
            byte[] content = toByteArray();
            byte[] file = KeyLines.withChecksum(content);
            Arrays.fill(content, (byte) 0);
            return file;
        }

        @Override
        public void close() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
