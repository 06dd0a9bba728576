package io.cairn.wire.sigv4;

import io.cairn.base.Hashes;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 in the forms that signatures need. Stateless. */
final class Sha256 {
    static final int HEX_LENGTH = 64;
    static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private Sha256() {}

    static String hex(byte[] bytes, int length) {
        MessageDigest digest = Hashes.sha256();
        digest.update(bytes, 0, length);
        return hex(digest.digest());
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
