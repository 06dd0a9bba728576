package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.base.Entropy;
import io.cairn.host.KeyMaterial;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A key ring in a file that a passphrase opens. The key that Argon2id makes of the passphrase is kept in memory,
 * because to make it again would take a good part of a second each time; the passphrase is not. Safe for many threads.
 */
final class SealedRing implements RingStore {
    private static final String FIRST_LINE = "cairn-sealed-master-key 1";

    /** The file's parts: whose ring, how its key is made, and the sealed ring. */
    record Parts(String id, Stretching stretching, byte[] sealed) {}

    private final Path file;
    private final Supplier<KeyMaterial> passphrase;
    private final Stretching fresh;
    private final Entropy entropy;
    private @Nullable Stretching known;
    private @Nullable KeyMaterial knownKey;

    /** @param fresh how the key of a new file is made; its salt is replaced by one of its own */
    SealedRing(Path file, Supplier<KeyMaterial> passphrase, Stretching fresh, Entropy entropy) {
        this.file = file;
        this.passphrase = passphrase;
        this.fresh = fresh;
        this.entropy = entropy;
    }

    @Override
    public ProviderKind kind() {
        return ProviderKind.PASSPHRASE;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Optional<KeyRing> read() {
        return new SecretFile(file).read().map(SealedRing::decode).map(this::open);
    }

    private KeyRing open(Parts parts) {
        byte[] key = key(parts.stretching());
        byte[] content = Seal.open(key, parts.sealed(), boundTo(parts.id(), parts.stretching()))
                .orElseThrow(() -> {
                    forget();
                    return new KeyFault(
                            KeyFault.Kind.REFUSED,
                            "the passphrase does not open " + file + ": it is another one, or the file was changed");
                });
        try {
            KeyRing ring = KeyRing.decode(content);
            if (!ring.id().equals(parts.id())) {
                ring.close();
                throw KeyLines.damaged("holds another master key than it says");
            }
            return ring;
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    @Override
    public boolean make(KeyRing ring) {
        Stretching own = fresh.withSalt(entropy.bytes(Stretching.SALT_BYTES));
        return new SecretFile(file).make(sealed(ring, own), entropy);
    }

    @Override
    public void replace(KeyRing ring) {
        Stretching same = new SecretFile(file)
                .read()
                .map(SealedRing::decode)
                .map(Parts::stretching)
                .orElseGet(() -> fresh.withSalt(entropy.bytes(Stretching.SALT_BYTES)));
        new SecretFile(file).replace(sealed(ring, same), entropy);
    }

    private byte[] sealed(KeyRing ring, Stretching stretching) {
        byte[] content = ring.encode();
        try {
            byte[] boundTo = boundTo(ring.id(), stretching);
            byte[] sealed = Seal.close(key(stretching), content, boundTo, entropy);
            String line = "sealed " + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed) + "\n";
            return KeyLines.withChecksum((new String(boundTo, UTF_8) + line).getBytes(UTF_8));
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static byte[] boundTo(String id, Stretching stretching) {
        return (FIRST_LINE + "\nid " + id + "\n" + stretching.text() + "\n").getBytes(UTF_8);
    }

    /** The parts of such a file; refuses what asks for more work than {@link Stretching} allows. */
    static Parts decode(byte[] file) {
        List<byte[]> lines = KeyLines.checked(file, FIRST_LINE);
        if (lines.size() != 3) {
            throw KeyLines.damaged("has " + lines.size() + " lines");
        }
        try {
            Stretching stretching = Stretching.parse(new String(lines.get(1), UTF_8));
            byte[] sealed = Base64.getUrlDecoder().decode(KeyLines.after("sealed", lines.get(2)));
            return new Parts(KeyRing.id(lines.getFirst()), stretching, sealed);
        } catch (IllegalArgumentException refused) {
            throw new KeyFault(
                    KeyFault.Kind.DAMAGED, "the sealed key file cannot be read: " + refused.getMessage(), refused);
        }
    }

    private synchronized byte[] key(Stretching stretching) {
        if (knownKey == null || !stretching.equals(known)) {
            forget();
            try (KeyMaterial words = passphrase.get()) {
                knownKey = stretching.key(words.bytes());
                known = stretching;
            }
        }
        return knownKey.bytes().clone();
    }

    private synchronized void forget() {
        if (knownKey != null) {
            knownKey.close();
            knownKey = null;
        }
    }

    @Override
    public void close() {
        forget();
    }
}
