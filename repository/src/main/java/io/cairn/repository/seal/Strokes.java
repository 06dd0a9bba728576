package io.cairn.repository.seal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The two halves of a seal under one key, for one thread: AES-256-CTR, and Poly1305-AES. */
interface Strokes {
    int BLOCK = 16;

    /** Encrypts or decrypts, which is the same. */
    void crypt(byte[] iv, byte[] from, int offset, int length, byte[] target, int at);

    /** Writes the tag of the message under the nonce {@code iv}. */
    void tag(byte[] iv, byte[] message, int offset, int length, byte[] target, int at);

    /** The faster of the two that this machine has. */
    static Strokes make(byte[] encryption, byte[] authentication, byte[] polynomial) {
        return Libcrypto.AVAILABLE
                ? new OfLibcrypto(encryption, authentication, polynomial)
                : new OfJava(encryption, authentication, polynomial);
    }

    /** With the ciphers of the Java runtime. */
    final class OfJava implements Strokes {
        private final SecretKeySpec encryption;
        private final byte[] polynomial;
        private final Cipher counter;
        private final Cipher block;

        OfJava(byte[] encryption, byte[] authentication, byte[] polynomial) {
            try {
                this.encryption = new SecretKeySpec(encryption, "AES");
                this.polynomial = polynomial;
                this.counter = Cipher.getInstance("AES/CTR/NoPadding");
                this.block = Cipher.getInstance("AES/ECB/NoPadding");
                this.block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(authentication, "AES"));
            } catch (GeneralSecurityException absent) {
                throw new IllegalStateException("every Java runtime has AES", absent);
            }
        }

        @Override
        public void crypt(byte[] iv, byte[] from, int offset, int length, byte[] target, int at) {
            try {
                counter.init(Cipher.ENCRYPT_MODE, encryption, new IvParameterSpec(iv));
                counter.doFinal(from, offset, length, target, at);
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("AES in counter mode takes any bytes", impossible);
            }
        }

        @Override
        public void tag(byte[] iv, byte[] message, int offset, int length, byte[] target, int at) {
            try {
                Poly1305.tag(polynomial, block.doFinal(iv), message, offset, length, target, at);
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("AES takes any block", impossible);
            }
        }
    }

    /** With the functions of OpenSSL. */
    final class OfLibcrypto implements Strokes {
        private static final MemorySegment NONE = Libcrypto.NULL;

        private final MemorySegment counter = cipher();
        private final MemorySegment block = cipher();
        private final MemorySegment mac = Libcrypto.context("EVP_MAC_CTX_new", Libcrypto.POLY1305, "EVP_MAC_CTX_free");
        private final MemorySegment written = Arena.ofAuto().allocate(Long.BYTES);
        private final byte[] macKey = new byte[2 * BLOCK];

        OfLibcrypto(byte[] encryption, byte[] authentication, byte[] polynomial) {
            begin(counter, Libcrypto.COUNTER, MemorySegment.ofArray(encryption), NONE);
            begin(block, Libcrypto.BLOCK, MemorySegment.ofArray(authentication), NONE);
            System.arraycopy(polynomial, 0, macKey, 0, BLOCK);
        }

        private static MemorySegment cipher() {
            return Libcrypto.context("EVP_CIPHER_CTX_new", Libcrypto.NULL, "EVP_CIPHER_CTX_free");
        }

        private static void begin(MemorySegment context, MemorySegment cipher, MemorySegment key, MemorySegment iv) {
            Libcrypto.require(Libcrypto.CIPHER_BEGIN, context, cipher, key, iv, NONE);
        }

        private void update(MemorySegment cipher, byte[] from, int offset, int length, byte[] target, int at) {
            Libcrypto.require(
                    Libcrypto.CIPHER_UPDATE,
                    cipher,
                    Libcrypto.bytes(target, at, length),
                    written,
                    Libcrypto.bytes(from, offset, length),
                    Libcrypto.number(length));
        }

        @Override
        public void crypt(byte[] iv, byte[] from, int offset, int length, byte[] target, int at) {
            begin(counter, NONE, NONE, MemorySegment.ofArray(iv));
            for (int done = 0; done < length; done += Libcrypto.SLICE) {
                update(counter, from, offset + done, Math.min(length - done, Libcrypto.SLICE), target, at + done);
            }
        }

        @Override
        public void tag(byte[] iv, byte[] message, int offset, int length, byte[] target, int at) {
            update(block, iv, 0, BLOCK, macKey, BLOCK);
            MemorySegment key = MemorySegment.ofArray(macKey);
            Libcrypto.require(Libcrypto.MAC_BEGIN, mac, key, Libcrypto.number(macKey.length), NONE, NONE);
            for (int done = 0; done < length; done += Libcrypto.SLICE) {
                int slice = Math.min(length - done, Libcrypto.SLICE);
                MemorySegment input = Libcrypto.bytes(message, offset + done, slice);
                Libcrypto.require(Libcrypto.MAC_UPDATE, mac, input, Libcrypto.number(slice), NONE, NONE);
            }
            MemorySegment tag = Libcrypto.bytes(target, at, BLOCK);
            Libcrypto.require(Libcrypto.MAC_END, mac, tag, written, Libcrypto.number(BLOCK), NONE);
        }
    }
}
