package io.cairn.model;

import java.time.Instant;

/** An access key and its secret. The root key is not a row: it lives in a file or in the environment. */
public record UserRow(String accessKey, String secretKey, String name, boolean enabled, Instant created) {
    @Override
    public String toString() {
        return "UserRow[" + accessKey + ", " + name + (enabled ? "" : ", disabled") + "]";
    }
}
