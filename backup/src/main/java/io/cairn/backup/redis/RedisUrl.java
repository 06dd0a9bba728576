package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A source as people write it: {@code redis://[USER@]HOST[:PORT]}, {@code rediss://…} with TLS,
 * {@code redis+unix:///PATH}, and after a question mark {@code replicas=never}, {@code ca=FILE},
 * {@code container=NAME}. A password in it is refused.
 */
record RedisUrl(RedisAddress address, Optional<String> user, boolean tls, Map<String, String> options) {
    private static final int PORT = 6379;
    private static final Set<String> SCHEMES = Set.of("redis", "rediss", "redis+unix");
    /** Where secrets come from is the business of whoever opens the source. */
    private static final Pattern SECRET = Pattern.compile("[a-z-]+-(file|env|command)");

    private static final Set<String> OPTIONS = Set.of("replicas", "ca", "container", "name", "docker");

    RedisUrl {
        options = Map.copyOf(options);
    }

    static RedisUrl of(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        require(SCHEMES.contains(scheme), "a Redis source begins with redis://, rediss:// or redis+unix://");
        Optional<String> user = Optional.ofNullable(uri.getUserInfo()).filter(name -> !name.isEmpty());
        require(
                user.isEmpty() || !user.get().contains(":"),
                "a password in an address is read by everybody who may list processes; give it in a file"
                        + " (?password-file=FILE) or by a command (?password-command=…), and only the user here");
        return new RedisUrl(address(uri, scheme), user, scheme.equals("rediss"), options(uri.getRawQuery()));
    }

    private static RedisAddress address(URI uri, String scheme) {
        if (scheme.equals("redis+unix")) {
            require(uri.getPath() != null && uri.getPath().length() > 1, "redis+unix:///PATH names a socket");
            return RedisAddress.of(Path.of(uri.getPath()));
        }
        String host = uri.getHost();
        require(host != null, "redis://HOST[:PORT] names a host");
        String path = String.valueOf(uri.getPath());
        require(path.isEmpty() || path.equals("/"), "a copy has all databases of a server: leave away " + path);
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return RedisAddress.of(plain, uri.getPort() < 0 ? PORT : uri.getPort());
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new TreeMap<>();
        for (String word : query == null ? new String[0] : query.split("&")) {
            String[] pair = word.split("=", 2);
            require(
                    pair.length == 2
                            && (OPTIONS.contains(pair[0])
                                    || SECRET.matcher(pair[0]).matches()),
                    "a Redis source has no option " + pair[0] + "; it has "
                            + String.join(", ", new TreeSet<>(OPTIONS)));
            options.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        String replicas = options.getOrDefault("replicas", "prefer");
        require(Set.of("prefer", "never").contains(replicas), "replicas is prefer or never, not " + replicas);
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

    boolean replicasPreferred() {
        return !options.getOrDefault("replicas", "prefer").equals("never");
    }

    /** The place in the name of the source: where it was said to be, or the name that was given to it. */
    String place() {
        String word = option("name").or(() -> option("container")).orElse(address.toString());
        String clean = word.replaceAll("[^A-Za-z0-9._:@+=-]", "-");
        return clean.startsWith("-") ? clean.substring(1) : clean;
    }
}
