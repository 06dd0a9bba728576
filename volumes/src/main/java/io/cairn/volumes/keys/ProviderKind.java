package io.cairn.volumes.keys;

import java.util.Arrays;
import java.util.Optional;

/** Where a master key is kept; the word is part of every wrapped key. */
public enum ProviderKind {
    /** In a file that opens with nothing more. */
    FILE("file"),
    /** In a file that opens with a passphrase. */
    PASSPHRASE("passphrase"),
    /** In the transit engine of HashiCorp Vault or OpenBao. */
    VAULT("vault");

    private final String word;

    ProviderKind(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** The kind that the word means; empty when none does. */
    public static Optional<ProviderKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
