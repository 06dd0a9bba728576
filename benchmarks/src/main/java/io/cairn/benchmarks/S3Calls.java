package io.cairn.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cairn.base.Clock;
import io.cairn.wire.Header;
import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigV4Signer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Signs the calls of one client of one server, bodies unsigned. A call stays valid for fifteen minutes and may be sent
 * again. Safe for use by many threads.
 */
final class S3Calls {
    private final String host;
    private final SigV4Signer signer;
    private final Clock clock = Clock.system();

    S3Calls(InetSocketAddress server, String accessKey, String secretKey) {
        host = server.getHostString() + ":" + server.getPort();
        signer = new SigV4Signer(accessKey, secretKey, "us-east-1");
    }

    SignedCall createBucket(String bucket) {
        return call("PUT", "/" + bucket, "", SignedCall.NO_BODY, 200, 0);
    }

    SignedCall put(String bucket, String key, ByteBuffer body) {
        return call("PUT", path(bucket, key), "", body, 200, 0);
    }

    SignedCall get(String bucket, String key, long bytes) {
        return call("GET", path(bucket, key), "", SignedCall.NO_BODY, 200, bytes);
    }

    SignedCall head(String bucket, String key, long bytes) {
        return call("HEAD", path(bucket, key), "", SignedCall.NO_BODY, 200, bytes);
    }

    SignedCall delete(String bucket, String key) {
        return call("DELETE", path(bucket, key), "", SignedCall.NO_BODY, 204, -1);
    }

    /** A page of up to 1,000 keys behind the given one. */
    SignedCall list(String bucket, String startAfter) {
        String query = "list-type=2&max-keys=1000&start-after=" + startAfter;
        return call("GET", "/" + bucket, query, SignedCall.NO_BODY, 200, -1);
    }

    private static String path(String bucket, String key) {
        return "/" + bucket + "/" + key;
    }

    private SignedCall call(String method, String path, String query, ByteBuffer body, int status, long answerBytes) {
        List<Header> own = method.equals("PUT")
                ? List.of(new Header("Host", host), new Header("Content-Length", String.valueOf(body.remaining())))
                : List.of(new Header("Host", host));
        SigV4Signer.Signed signed = signer.sign(method, path, query, own, new PayloadMode.Unsigned(), clock.now());
        StringBuilder head = new StringBuilder(512).append(method).append(' ').append(path);
        if (!query.isEmpty()) {
            head.append('?').append(query);
        }
        head.append(" HTTP/1.1\r\n");
        for (Header header : signed.headers()) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(ISO_8859_1);
        return new SignedCall(bytes, body, status, answerBytes, method.equals("HEAD"));
    }
}
