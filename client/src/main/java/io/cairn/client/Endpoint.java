package io.cairn.client;

import io.cairn.wire.Percent;
import java.net.URI;

/**
 * Where an S3 server is and how it wants to be asked: an address of scheme, host and port, the region that signatures
 * name, and whether a bucket is named in the path or in the host.
 */
public record Endpoint(URI address, String region, Style style) {
    private static final String REGION_DEFAULT = "us-east-1";

    /** Where a request names its bucket. */
    public enum Style {
        PATH,
        VIRTUAL_HOST
    }

    public Endpoint {
        boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!web || address.getHost() == null || address.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "an S3 endpoint is http://HOST:PORT or https://HOST:PORT, without a" + " user or password");
        }
    }

    /** In the region that every server but Amazon's takes; Amazon's says which one it wants. */
    public static Endpoint of(URI address, Style style) {
        return new Endpoint(address, REGION_DEFAULT, style);
    }

    boolean encrypted() {
        return address.getScheme().equals("https");
    }

    /** The Host header as it will be sent: without the port that the scheme means anyway. */
    String host(String bucket) {
        int port = address.getPort();
        String suffix = port < 0 || port == (encrypted() ? 443 : 80) ? "" : ":" + port;
        boolean before = style == Style.VIRTUAL_HOST && !bucket.isEmpty();
        return (before ? bucket + "." : "") + address.getHost() + suffix;
    }

    /** The path of a key as it will stand in the request line; an empty key is the bucket itself. */
    String path(String bucket, String key) {
        boolean inPath = style == Style.PATH && !bucket.isEmpty();
        return "/" + (inPath ? bucket + (key.isEmpty() ? "" : "/") : "") + Percent.encodeKey(key);
    }

    @Override
    public String toString() {
        return address.getScheme() + "://" + host("");
    }
}
