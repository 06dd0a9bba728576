package io.cairn.repository.seal;

import io.cairn.base.Entropy;
import io.cairn.repository.store.RepositoryFault;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Seals and opens bytes: {@code IV:16 || AES-256-CTR || Poly1305-AES tag:16}. Opening checks the tag before it
 * decrypts. Belongs to one thread.
 */
public final class Sealer {
    private static final int IV_LENGTH = 16;
    private static final int IVS = 256;

    /** Bytes that sealing adds. */
    public static final int OVERHEAD = IV_LENGTH + Poly1305.TAG_LENGTH;

    private final Strokes strokes;
    private final Entropy entropy;
    private final byte[] random = new byte[IVS * IV_LENGTH];
    private int used = random.length;

    Sealer(Strokes strokes, Entropy entropy) {
        this.strokes = strokes;
        this.entropy = entropy;
    }

    /** Random bytes come many at a time: asking the operating system costs more than sealing a small blob. */
    private byte[] iv() {
        if (used == random.length) {
            entropy.fill(random);
            used = 0;
        }
        used += IV_LENGTH;
        return Arrays.copyOfRange(random, used - IV_LENGTH, used);
    }

    /** Seals {@code length} bytes into {@code target} at {@code at}; returns {@code length + OVERHEAD}. */
    public int seal(byte[] plain, int offset, int length, byte[] target, int at) {
        byte[] iv = iv();
        System.arraycopy(iv, 0, target, at, IV_LENGTH);
        strokes.crypt(iv, plain, offset, length, target, at + IV_LENGTH);
        strokes.tag(iv, target, at + IV_LENGTH, length, target, at + IV_LENGTH + length);
        return length + OVERHEAD;
    }

    public byte[] seal(byte[] plain) {
        byte[] sealed = new byte[plain.length + OVERHEAD];
        seal(plain, 0, plain.length, sealed, 0);
        return sealed;
    }

    /**
     * Opens {@code length} sealed bytes into {@code target}; returns the plain length. {@code what} is for the message.
     */
    public int open(byte[] sealed, int offset, int length, byte[] target, int at, Object what) {
        int plain = length - OVERHEAD;
        if (plain < 0) {
            throw new RepositoryFault.Damaged(what + " is too short to be sealed: " + length + " bytes");
        }
        byte[] iv = Arrays.copyOfRange(sealed, offset, offset + IV_LENGTH);
        byte[] expected = new byte[Poly1305.TAG_LENGTH];
        strokes.tag(iv, sealed, offset + IV_LENGTH, plain, expected, 0);
        int found = offset + IV_LENGTH + plain;
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(sealed, found, found + expected.length))) {
            throw new RepositoryFault.Damaged(what + " does not verify: its bytes are not those that were written");
        }
        strokes.crypt(iv, sealed, offset + IV_LENGTH, plain, target, at);
        return plain;
    }

    public byte[] open(byte[] sealed, Object what) {
        byte[] plain = new byte[Math.max(0, sealed.length - OVERHEAD)];
        open(sealed, 0, sealed.length, plain, 0, what);
        return plain;
    }
}
