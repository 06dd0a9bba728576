package io.cairn.server;

/** The root key pair: may do everything. Never a default; see {@link RootKeyFile}. */
public record RootKey(String accessKey, String secretKey) {
    private static final int ACCESS_LENGTH_MIN = 3;
    private static final int SECRET_LENGTH_MIN = 8;

    public RootKey {
        if (accessKey.length() < ACCESS_LENGTH_MIN
                || accessKey.chars().anyMatch(c -> c <= ' ' || c > '~' || c == '/')) {
            throw new IllegalArgumentException(
                    "a root access key has at least 3 visible ASCII characters and no slash");
        }
        if (secretKey.length() < SECRET_LENGTH_MIN) {
            throw new IllegalArgumentException("a root secret key has at least 8 characters");
        }
    }

    @Override
    public String toString() {
        return "RootKey[" + accessKey + "]";
    }
}
