package io.cairn.backup.dump;

import io.cairn.backup.SourceFault;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A source as people write it: {@code postgres-dump://[USER@]HOST[:PORT]/DATABASE}, and after a question mark
 * {@code host=/DIRECTORY} of a unix socket, {@code sslmode=}, {@code sslrootcert=}, {@code container=NAME},
 * {@code globals=no}, {@code lock-wait=SECONDS}, {@code name=}. A password in it is refused.
 */
record DumpUrl(String host, int port, Optional<String> user, String database, Map<String, String> options) {
    private static final int PORT = 5432;
    private static final Set<String> OPTIONS =
            Set.of("host", "sslmode", "sslrootcert", "container", "docker", "globals", "lock-wait", "name");
    /** Where secrets come from is the business of whoever opens the source. */
    private static final Pattern SECRET = Pattern.compile("[a-z-]+-(file|env|command)");

    DumpUrl {
        options = Map.copyOf(options);
    }

    static DumpUrl of(URI uri) {
        require("postgres-dump".equals(uri.getScheme()), "a dump's source begins with postgres-dump://");
        Optional<String> user = Optional.ofNullable(uri.getUserInfo()).filter(name -> !name.isEmpty());
        require(
                user.isEmpty() || !user.get().contains(":"),
                "a password in an address is read by everybody who may list processes; give it in a file"
                        + " (?password-file=FILE) or by a command (?password-command=…), and only the user here");
        String path = String.valueOf(uri.getPath());
        require(
                path.length() > 1 && path.indexOf('/', 1) < 0,
                "postgres-dump://HOST/DATABASE names one database; a server's databases are a source each");
        require(!path.substring(1).contains("="), "a database's name with = would be read as connection settings");
        Map<String, String> options = options(uri.getRawQuery());
        String host = Optional.ofNullable(uri.getHost()).orElse("localhost");
        return new DumpUrl(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? PORT : uri.getPort(),
                user,
                path.substring(1),
                options);
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new TreeMap<>();
        for (String word : query == null ? new String[0] : query.split("&")) {
            String[] pair = word.split("=", 2);
            require(
                    pair.length == 2
                            && (OPTIONS.contains(pair[0])
                                    || SECRET.matcher(pair[0]).matches()),
                    "a dump's source has no option " + pair[0] + "; it has "
                            + String.join(", ", new TreeSet<>(OPTIONS)));
            options.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        require(
                options.getOrDefault("lock-wait", "300").matches("[1-9]\\d{0,5}"),
                "lock-wait is a number of seconds, 1 to 999999");
        require(Set.of("yes", "no").contains(options.getOrDefault("globals", "yes")), "globals is yes or no");
        return options;
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new SourceFault.Refused(sentence);
        }
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    boolean globals() {
        return !options.getOrDefault("globals", "yes").equals("no");
    }

    int lockWaitSeconds() {
        return Integer.parseInt(options.getOrDefault("lock-wait", "300"));
    }

    /** The server for people. */
    String server() {
        return option("container").map(name -> "in the container " + name).orElse("at " + host + ":" + port);
    }

    /** The place in the name of the source. */
    String place() {
        String where = option("name")
                .orElse(database + "@"
                        + option("container").orElse(option("host").orElse(host) + ":" + port));
        String clean = where.replaceAll("[^A-Za-z0-9._:@+=-]", "-");
        return clean.startsWith("-") ? clean.substring(1) : clean;
    }

    /** The file of the dump. */
    String fileName() {
        return database.replaceAll("[^A-Za-z0-9._+=-]", "-") + ".dump";
    }
}
