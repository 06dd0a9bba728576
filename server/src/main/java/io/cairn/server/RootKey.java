package io.cairn.server;

import java.util.Map;
import java.util.Optional;

/** The root key pair: may do everything. Never a default: it comes from the environment or from {@link RootKeyFile}. */
public record RootKey(String accessKey, String secretKey) {
    /** Where a person gives the root key; both or neither. */
    public static final String ACCESS_VARIABLE = "CAIRN_ROOT_ACCESS_KEY";

    public static final String SECRET_VARIABLE = "CAIRN_ROOT_SECRET_KEY";

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

    /**
     * The root key that the environment gives, if it does.
     *
     * @throws StartFault when only one half is there, or they are not fit to be keys
     */
    public static Optional<RootKey> in(Map<String, String> environment) {
        String access = environment.getOrDefault(ACCESS_VARIABLE, "");
        String secret = environment.getOrDefault(SECRET_VARIABLE, "");
        if (access.isEmpty() != secret.isEmpty()) {
            throw new StartFault(ACCESS_VARIABLE + " and " + SECRET_VARIABLE + " go together; one of them is not set");
        }
        try {
            return access.isEmpty() ? Optional.empty() : Optional.of(new RootKey(access, secret));
        } catch (IllegalArgumentException unfit) {
            throw new StartFault("the root key in the environment cannot be used: " + unfit.getMessage(), unfit);
        }
    }

    @Override
    public String toString() {
        return "RootKey[" + accessKey + "]";
    }
}
