package io.cairn.repository.seal;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 for one thread. */
interface Sha256 {
    int LENGTH = 32;

    /** The 32 bytes of the hash. */
    byte[] of(byte[] bytes, int offset, int length);

    /** The faster of the two that this machine has. */
    static Sha256 make() {
        return Libcrypto.AVAILABLE ? libcrypto() : java();
    }

    /** That of the Java runtime. */
    static Sha256 java() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return (bytes, offset, length) -> {
                digest.update(bytes, offset, length);
                return digest.digest();
            };
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java runtime has SHA-256", absent);
        }
    }

    /** That of OpenSSL. */
    static Sha256 libcrypto() {
        MemorySegment context = Libcrypto.context("EVP_MD_CTX_new", Libcrypto.NULL, "EVP_MD_CTX_free");
        MemorySegment none = Libcrypto.NULL;
        return (bytes, offset, length) -> {
            Libcrypto.require(Libcrypto.DIGEST_BEGIN, context, Libcrypto.SHA256, none, none, none);
            for (int at = 0; at < length; at += Libcrypto.SLICE) {
                int slice = Math.min(length - at, Libcrypto.SLICE);
                MemorySegment input = Libcrypto.bytes(bytes, offset + at, slice);
                Libcrypto.require(Libcrypto.DIGEST_UPDATE, context, input, Libcrypto.number(slice), none, none);
            }
            byte[] hash = new byte[LENGTH];
            Libcrypto.require(Libcrypto.DIGEST_END, context, MemorySegment.ofArray(hash), none, none, none);
            return hash;
        };
    }
}
