package io.cairn.volumes.keys;

import io.cairn.volumes.spec.Words;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A word of the table {@code [keys]} of the configuration: its spelling, the providers it is for, and what it is. */
public enum KeyWord {
    PROVIDER("provider", EnumSet.allOf(ProviderKind.class), "where the master key is: file, passphrase or vault"),
    FILE(
            "file",
            EnumSet.of(ProviderKind.FILE, ProviderKind.PASSPHRASE),
            "the key file, an absolute path, best not on the disk of the volumes; made on first need"),
    PASSPHRASE_FILE(
            "passphrase-file",
            EnumSet.of(ProviderKind.PASSPHRASE),
            "a file whose first line is the passphrase, best in memory (a credential of systemd)"),
    ADDRESS("address", EnumSet.of(ProviderKind.VAULT), "of the server, such as https://vault.example:8200"),
    MOUNT("mount", EnumSet.of(ProviderKind.VAULT), "where the transit engine is mounted; transit unless said"),
    KEY("key", EnumSet.of(ProviderKind.VAULT), "the name of the key in the transit engine; cairn unless said"),
    TOKEN_FILE("token-file", EnumSet.of(ProviderKind.VAULT), "a file with the token; read again for every call"),
    CA_FILE("ca-file", EnumSet.of(ProviderKind.VAULT), "certificates, PEM, that the server is checked against"),
    NAMESPACE("namespace", EnumSet.of(ProviderKind.VAULT), "of Vault Enterprise; none unless said");

    private final String word;
    private final Set<ProviderKind> providers;
    private final String sentence;

    KeyWord(String word, Set<ProviderKind> providers, String sentence) {
        this.word = word;
        this.providers = Set.copyOf(providers);
        this.sentence = sentence;
    }

    public String word() {
        return word;
    }

    public String sentence() {
        return sentence;
    }

    static KeySource source(Map<String, String> words) {
        for (String word : words.keySet()) {
            KeyWord _ = of(word);
        }
        String name = PROVIDER.demanded(words);
        ProviderKind kind = ProviderKind.of(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown provider of keys" + Words.suggestion(name, kinds()) + "; known are " + kinds()));
        for (String word : words.keySet()) {
            if (!of(word).providers.contains(kind)) {
                throw new IllegalArgumentException("'" + word + "' is not for the provider " + kind.word());
            }
        }
        return switch (kind) {
            case FILE -> new KeySource.KeyFile(FILE.path(words));
            case PASSPHRASE -> new KeySource.Passphrase(FILE.path(words), PASSPHRASE_FILE.path(words));
            case VAULT ->
                new KeySource.Vault(
                        URI.create(ADDRESS.demanded(words)),
                        words.getOrDefault(MOUNT.word, "transit"),
                        words.getOrDefault(KEY.word, "cairn"),
                        TOKEN_FILE.path(words),
                        words.containsKey(CA_FILE.word) ? Optional.of(CA_FILE.path(words)) : Optional.empty(),
                        Optional.ofNullable(words.get(NAMESPACE.word)));
        };
    }

    private static List<String> kinds() {
        return Arrays.stream(ProviderKind.values()).map(ProviderKind::word).toList();
    }

    private static KeyWord of(String word) {
        List<String> known = Arrays.stream(values()).map(KeyWord::word).toList();
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown word in [keys]" + Words.suggestion(word, known) + "; known are " + known));
    }

    private String demanded(Map<String, String> words) {
        String value = words.getOrDefault(word, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException("[keys] needs '" + word + "': " + sentence);
        }
        return value;
    }

    private Path path(Map<String, String> words) {
        Path path = Path.of(demanded(words));
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("'" + word + "' in [keys] is not an absolute path: " + path);
        }
        return path;
    }
}
