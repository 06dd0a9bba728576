package io.cairn.backup.search;

import io.cairn.backup.Secrets;
import io.cairn.backup.SourceFault;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A source as people write it: {@code opensearch://[USER@]HOST[:PORT]} or {@code elasticsearch://…}, and after a
 * question mark {@code tls=yes}, {@code repository=}, {@code bucket=}, {@code base-path=}, {@code client=},
 * {@code endpoint=}, {@code region=}, {@code path-style=yes}, {@code indices=}, {@code timeout=SECONDS}, {@code name=}.
 */
record SearchUrl(String scheme, String host, int port, Optional<String> user, Map<String, String> options) {
    private static final int PORT = 9200;
    private static final Set<String> OPTIONS = Set.of(
            "tls",
            "repository",
            "bucket",
            "base-path",
            "client",
            "endpoint",
            "region",
            "path-style",
            "indices",
            "timeout",
            "name");

    SearchUrl {
        options = Map.copyOf(options);
    }

    static SearchUrl of(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        require(
                Set.of("opensearch", "elasticsearch").contains(scheme),
                "a search source begins with opensearch:// or elasticsearch://");
        Optional<String> user = Optional.ofNullable(uri.getUserInfo()).filter(name -> !name.isEmpty());
        require(
                user.isEmpty() || !user.get().contains(":"),
                "a password in an address is read by everybody who may list processes; give it in a file"
                        + " (?password-file=FILE) or by a command (?password-command=…), and only the user here");
        require(uri.getHost() != null, scheme + "://HOST[:PORT] names a host");
        return new SearchUrl(
                scheme, uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort(), user, options(uri.getRawQuery()));
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new TreeMap<>();
        for (String word : query == null ? new String[0] : query.split("&")) {
            String[] pair = word.split("=", 2);
            require(
                    pair.length == 2 && (OPTIONS.contains(pair[0]) || Secrets.isPlace(pair[0])),
                    "a search source has no option " + pair[0] + "; it has "
                            + String.join(", ", new TreeSet<>(OPTIONS)));
            options.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        require(
                options.getOrDefault("timeout", "21600").matches("[1-9]\\d{0,6}"),
                "timeout is a number of seconds, 1 to 9999999");
        require(
                options.getOrDefault("repository", "cairn").matches("[a-z0-9][a-z0-9_.-]{0,99}"),
                "repository is a name in small letters, digits, _ . and -");
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

    String repository() {
        return options.getOrDefault("repository", "cairn");
    }

    long timeoutSeconds() {
        return Long.parseLong(options.getOrDefault("timeout", "21600"));
    }

    URI base() {
        return URI.create(
                (options.getOrDefault("tls", "no").equals("yes") ? "https" : "http") + "://" + host + ":" + port + "/");
    }

    /** What the cluster is told about the bucket; empty when its repository is there already. */
    Optional<Map<String, Object>> settings() {
        return option("bucket").map(bucket -> {
            Map<String, Object> settings = new LinkedHashMap<>();
            settings.put("bucket", bucket);
            option("base-path").ifPresent(path -> settings.put("base_path", path));
            option("client").ifPresent(client -> settings.put("client", client));
            option("endpoint").ifPresent(endpoint -> settings.put("endpoint", endpoint));
            option("region").ifPresent(region -> settings.put("region", region));
            option("path-style").ifPresent(style -> settings.put("path_style_access", style.equals("yes")));
            return settings;
        });
    }

    String server() {
        return host + ":" + port;
    }

    String place() {
        String clean = option("name").orElse(server()).replaceAll("[^A-Za-z0-9._:@+=-]", "-");
        return clean.startsWith("-") ? clean.substring(1) : clean;
    }
}
