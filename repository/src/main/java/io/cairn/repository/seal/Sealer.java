package io.cairn.repository.seal;

import io.cairn.base.Entropy;
import io.cairn.repository.store.RepositoryFault;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens bytes: {@code IV:16 || AES-256-CTR || Poly1305-AES tag:16}. Opening checks the tag before it
 * decrypts. Belongs to one thread.
 */
public final class Sealer {
    private static final int IV_LENGTH = 16;

    /** Bytes that sealing adds. */
    public static final int OVERHEAD = IV_LENGTH + Poly1305.TAG_LENGTH;

    private final SecretKeySpec encryption;
    private final byte[] polynomial;
    private final Cipher counter;
    private final Cipher block;
    private final Entropy entropy;

    Sealer(byte[] encryption, byte[] authentication, byte[] polynomial, Entropy entropy) {
        try {
            this.encryption = new SecretKeySpec(encryption, "AES");
            this.polynomial = polynomial;
            this.entropy = entropy;
            this.counter = Cipher.getInstance("AES/CTR/NoPadding");
            this.block = Cipher.getInstance("AES/ECB/NoPadding");
            this.block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(authentication, "AES"));
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java runtime has AES", absent);
        }
    }

    /** Seals {@code length} bytes into {@code target} at {@code at}; returns {@code length + OVERHEAD}. */
    public int seal(byte[] plain, int offset, int length, byte[] target, int at) {
        byte[] iv = entropy.bytes(IV_LENGTH);
        System.arraycopy(iv, 0, target, at, IV_LENGTH);
        crypt(iv, plain, offset, length, target, at + IV_LENGTH);
        tag(iv, target, at + IV_LENGTH, length, target, at + IV_LENGTH + length);
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
        byte[] iv = java.util.Arrays.copyOfRange(sealed, offset, offset + IV_LENGTH);
        byte[] expected = new byte[Poly1305.TAG_LENGTH];
        tag(iv, sealed, offset + IV_LENGTH, plain, expected, 0);
        int found = offset + IV_LENGTH + plain;
        if (!MessageDigest.isEqual(expected, java.util.Arrays.copyOfRange(sealed, found, found + expected.length))) {
            throw new RepositoryFault.Damaged(what + " does not verify: its bytes are not those that were written");
        }
        crypt(iv, sealed, offset + IV_LENGTH, plain, target, at);
        return plain;
    }

    public byte[] open(byte[] sealed, Object what) {
        byte[] plain = new byte[Math.max(0, sealed.length - OVERHEAD)];
        open(sealed, 0, sealed.length, plain, 0, what);
        return plain;
    }

    private void crypt(byte[] iv, byte[] from, int offset, int length, byte[] target, int at) {
        try {
            counter.init(Cipher.ENCRYPT_MODE, encryption, new IvParameterSpec(iv));
            counter.doFinal(from, offset, length, target, at);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES in counter mode takes any bytes", impossible);
        }
    }

    private void tag(byte[] iv, byte[] message, int offset, int length, byte[] target, int at) {
        try {
            Poly1305.tag(polynomial, block.doFinal(iv), message, offset, length, target, at);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES takes any block", impossible);
        }
    }
}
