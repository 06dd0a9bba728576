package io.cairn.backup;

import io.cairn.volumes.spec.Quoted;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One word that says what to back up: {@code postgres://user@host/db?…}, {@code volume:name}, {@code command:…}, or a
 * directory. {@code rest} is what stands behind the scheme; {@code uri} is the whole as an address, when it is one;
 * {@code options} are those behind the question mark, decoded. There is never a password in it.
 */
public record SourceSpec(String scheme, String rest, Optional<URI> uri, Map<String, String> options) {
    /** The scheme of directories, which may be left out. */
    public static final String FILES = "files";

    /** The scheme of programs; what stands behind it is not an address. */
    public static final String COMMAND = "command";

    /** The scheme of the standard input, written as a dash. */
    public static final String STANDARD_INPUT = "stdin";

    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+-]+):(.*)", Pattern.DOTALL);
    private static final Pattern PASSWORD = Pattern.compile("//[^/?#]*:[^/?#]*@");
    private static final Set<String> SECRET_OPTIONS = Set.of(
            "password", "passwd", "pass", "secret", "secret-key", "secretkey", "secret_key", "access-token", "token");
    private static final String WAYS = "every user of this machine can read the arguments of a program; write it to a"
            + " file and add ?password-file=FILE, or add ?password-env=VARIABLE or ?password-command=COMMAND";

    public SourceSpec {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** Reads a word; what is wrong with it is a {@link SourceFault.Refused} that shows no secret. */
    public static SourceSpec parse(String word) {
        if (word.equals("-")) {
            return new SourceSpec(STANDARD_INPUT, "", Optional.empty(), Map.of());
        }
        var matcher = SCHEME.matcher(word);
        if (!matcher.matches()) {
            if (word.isBlank()) {
                throw new SourceFault.Refused("a source is a directory or an address, not an empty word");
            }
            return files(word);
        }
        String scheme = matcher.group(1);
        String rest = matcher.group(2);
        if (scheme.equals("file") || scheme.equals(FILES)) {
            return files(rest.startsWith("///") ? rest.substring(2) : rest);
        }
        return scheme.equals(COMMAND)
                ? new SourceSpec(scheme, rest, Optional.empty(), Map.of())
                : address(word, scheme, rest);
    }

    private static SourceSpec files(String path) {
        return new SourceSpec(FILES, Path.of(path).toAbsolutePath().normalize().toString(), Optional.empty(), Map.of());
    }

    private static SourceSpec address(String word, String scheme, String rest) {
        if (PASSWORD.matcher(word).find()) {
            throw new SourceFault.Refused("the " + scheme + " address has a password in it: " + WAYS);
        }
        int question = rest.indexOf('?');
        Map<String, String> options = question < 0 ? Map.of() : options(scheme, rest.substring(question + 1));
        try {
            return new SourceSpec(scheme, rest, Optional.of(new URI(word)), options);
        } catch (URISyntaxException malformed) {
            throw new SourceFault.Refused("the " + scheme + " source is not an address: " + malformed.getReason()
                    + " at character " + malformed.getIndex() + "; write it as " + scheme
                    + "://user@host:port/name, with %-escapes for what is not a letter or a digit");
        }
    }

    private static Map<String, String> options(String scheme, String query) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = decoded(scheme, equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(scheme, pair.substring(equals + 1));
            if (SECRET_OPTIONS.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                throw new SourceFault.Refused(
                        "the option " + name + " of the " + scheme + " address is a secret: " + WAYS);
            }
            if (!name.isEmpty() && options.put(name, value) != null) {
                throw new SourceFault.Refused(
                        "the option " + Quoted.of(name) + " of the " + scheme + " address is given twice");
            }
        }
        return options;
    }

    private static String decoded(String scheme, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new SourceFault.Refused("an option of the " + scheme + " address has a % that is not an escape");
        }
    }

    /** The address; a kind that needs one refuses a word without. */
    public URI address() {
        return uri.orElseThrow(() -> new SourceFault.Refused(
                "a source of the kind " + scheme + " is written as " + scheme + "://host/name"));
    }

    /** The place for people: without options, whose values may name files of secrets. */
    @Override
    public String toString() {
        int question = rest.indexOf('?');
        return scheme + ":" + (question < 0 ? rest : rest.substring(0, question));
    }
}
