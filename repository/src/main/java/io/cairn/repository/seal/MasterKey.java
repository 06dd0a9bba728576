package io.cairn.repository.seal;

import io.cairn.base.Checks;
import io.cairn.base.Entropy;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of a repository: 32 bytes for AES-256, 16 for the AES of the authenticator, 16 for its polynomial.
 * Immutable; its text form says nothing.
 */
public final class MasterKey {
    public static final int LENGTH = 64;

    private static final int ENCRYPTION = 32;
    private static final int PART = 16;

    private final byte[] bytes;
    private final Entropy entropy;
    private final ThreadLocal<Sealer> sealers;

    /** From 64 bytes: encryption, {@code k}, {@code r}. */
    public MasterKey(byte[] bytes, Entropy entropy) {
        Checks.check(bytes.length == LENGTH, "a key has 64 bytes");
        this.bytes = bytes.clone();
        this.entropy = entropy;
        this.sealers = ThreadLocal.withInitial(
                () -> new Sealer(Strokes.make(encryption(), authentication(), polynomial()), entropy));
    }

    /** A new random key. */
    public static MasterKey random(Entropy entropy) {
        return new MasterKey(entropy.bytes(LENGTH), entropy);
    }

    /** The key that a password and the parameters of a key file make. */
    static MasterKey fromPassword(byte[] password, byte[] salt, int n, int r, int p, Entropy entropy) {
        return new MasterKey(Scrypt.derive(password, salt, n, r, p, LENGTH), entropy);
    }

    byte[] encryption() {
        return java.util.Arrays.copyOf(bytes, ENCRYPTION);
    }

    byte[] authentication() {
        return java.util.Arrays.copyOfRange(bytes, ENCRYPTION, ENCRYPTION + PART);
    }

    byte[] polynomial() {
        return java.util.Arrays.copyOfRange(bytes, ENCRYPTION + PART, LENGTH);
    }

    /** The sealer of the calling thread. */
    public Sealer sealer() {
        return sealers.get();
    }

    public Entropy entropy() {
        return entropy;
    }

    /** 32 bytes for one purpose of our own, which tell nothing of the key. */
    public byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return mac.doFinal(("cairn " + purpose).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", absent);
        }
    }

    @Override
    public String toString() {
        return "MasterKey";
    }
}
