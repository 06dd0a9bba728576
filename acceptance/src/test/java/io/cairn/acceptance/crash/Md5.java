package io.cairn.acceptance.crash;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** MD5 as S3's headers hold it. Stateless. */
public final class Md5 {
    private Md5() {}

    public static byte[] of(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(of(bytes));
    }
}
