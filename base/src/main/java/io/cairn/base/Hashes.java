package io.cairn.base;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes that every Java platform has, made without the exception that says it might not. Stateless. */
public final class Hashes {
    private Hashes() {}

    public static MessageDigest md5() {
        return of("MD5");
    }

    public static MessageDigest sha256() {
        return of("SHA-256");
    }

    static MessageDigest of(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has " + name, absent);
        }
    }
}
