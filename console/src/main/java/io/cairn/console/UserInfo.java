package io.cairn.console;

import io.cairn.model.UserRow;
import org.jspecify.annotations.Nullable;

/** An access key as the admin API shows it. The secret is there only in the answer that made it. */
public record UserInfo(
        String accessKey,
        String name,
        boolean enabled,
        String created,
        @Nullable String secretKey) {
    static UserInfo of(UserRow user) {
        return new UserInfo(
                user.accessKey(), user.name(), user.enabled(), user.created().toString(), null);
    }

    static UserInfo withSecret(UserRow user) {
        return new UserInfo(
                user.accessKey(), user.name(), user.enabled(), user.created().toString(), user.secretKey());
    }

    @Override
    public String toString() {
        return "UserInfo[" + accessKey + ", " + name + "]";
    }
}
