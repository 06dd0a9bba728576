package io.cairn.client;

import io.cairn.client.Endpoint.Style;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket on a server, and a prefix in it, as a person writes them: {@code s3://HOST:PORT/BUCKET/PREFIX} (TLS, but on
 * this machine itself plain), {@code s3+http://…}, {@code s3+https://…}, or as restic has it,
 * {@code s3:http://HOST:PORT/BUCKET/PREFIX}; options behind a question mark: {@code region}, {@code style}
 * ({@code path} or {@code virtual-host}), {@code ca-file}, {@code credentials-file}, {@code credentials-command}.
 * {@code prefix} is empty or ends in a slash.
 */
public record S3Place(Endpoint endpoint, String bucket, String prefix, Map<String, String> options) {
    private static final String FORM = "write s3://HOST:PORT/BUCKET/PREFIX, or s3:http://HOST:PORT/BUCKET/PREFIX";

    private static final int COMMAND_SECONDS = 60;

    public S3Place {
        options = Map.copyOf(options);
    }

    /** Whether the word means a bucket at all. */
    public static boolean means(String word) {
        return word.startsWith("s3:") || word.startsWith("s3+http://") || word.startsWith("s3+https://");
    }

    /** Reads the word; {@link S3Fault.Refused} when it is not understood, without repeating a password in it. */
    public static S3Place parse(String word) {
        URI uri = uri(word);
        if (uri.getRawUserInfo() != null) {
            throw new S3Fault.Refused("a user or password has no place in the address of a bucket, where others see it:"
                    + " set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or CAIRN_S3_CREDENTIALS_FILE");
        }
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/+", "");
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        String prefix = slash < 0 ? "" : path.substring(slash + 1).replaceFirst("/+$", "");
        if (uri.getHost() == null || bucket.isEmpty()) {
            throw new S3Fault.Refused("the address of a bucket lacks its host or its bucket: " + FORM);
        }
        Map<String, String> options = options(uri);
        String scheme = scheme(uri);
        URI address = URI.create(scheme + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
        Style style = style(options, uri.getHost(), bucket);
        Endpoint endpoint = options.containsKey("region")
                ? new Endpoint(address, options.get("region"), style)
                : Endpoint.of(address, style);
        return new S3Place(endpoint, bucket, prefix.isEmpty() ? "" : prefix + "/", options);
    }

    private static URI uri(String word) {
        String plain = word;
        if (word.startsWith("s3:") && !word.startsWith("s3://")) {
            String rest = word.substring("s3:".length());
            plain = rest.startsWith("http") ? "s3+" + rest : "s3+https://" + rest;
        }
        try {
            return new URI(plain);
        } catch (URISyntaxException odd) {
            throw new S3Fault.Refused("the address of a bucket cannot be read: " + FORM);
        }
    }

    private static String scheme(URI uri) {
        return switch (uri.getScheme()) {
            case "s3+http" -> "http";
            case "s3+https" -> "https";
            case "s3" -> onThisMachine(uri.getHost()) ? "http" : "https";
            default -> throw new S3Fault.Refused("the address of a bucket cannot be read: " + FORM);
        };
    }

    private static boolean onThisMachine(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        boolean number = host.matches("[0-9.]+") || host.startsWith("[");
        return number && InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
    }

    private static Map<String, String> options(URI uri) {
        Map<String, String> options = new HashMap<>();
        for (String pair :
                uri.getQuery() == null ? new String[0] : uri.getQuery().split("&")) {
            int equals = pair.indexOf('=');
            options.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
        }
        return options;
    }

    private static Style style(Map<String, String> options, String host, String bucket) {
        String said = options.getOrDefault("style", "");
        return switch (said) {
            case "path" -> Style.PATH;
            case "virtual-host" -> Style.VIRTUAL_HOST;
            case "" -> host.endsWith("amazonaws.com") && !bucket.contains(".") ? Style.VIRTUAL_HOST : Style.PATH;
            default -> throw new S3Fault.Refused("style=" + said + " is not known: it is path or virtual-host");
        };
    }

    /**
     * The credentials that the options {@code credentials-file} or {@code credentials-command} name, or else the
     * environment.
     */
    public CredentialSource credentials(Map<String, String> environment) {
        String file = options.getOrDefault("credentials-file", "");
        String command = options.getOrDefault("credentials-command", "");
        if (!file.isEmpty()) {
            return CredentialSource.file(Path.of(file));
        }
        return command.isEmpty()
                ? CredentialSource.configured(environment)
                : CredentialSource.command(command, COMMAND_SECONDS);
    }

    /** A client with the credentials that are given, trusting {@code ca-file} or the variable CAIRN_S3_CA_FILE. */
    public S3Client client(CredentialSource credentials, Map<String, String> environment, Patience patience) {
        String trusted = options.getOrDefault("ca-file", environment.getOrDefault("CAIRN_S3_CA_FILE", ""));
        return S3Client.of(
                endpoint, credentials, patience, trusted.isEmpty() ? Optional.empty() : Optional.of(Path.of(trusted)));
    }
}
