package io.cairn.simulation.s3;

import io.cairn.base.Clock;
import io.cairn.wire.Header;
import io.cairn.wire.sigv4.PayloadMode;
import io.cairn.wire.sigv4.SigV4Signer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly what a test says, signed or not, one connection per request. */
final class S3Client {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final InetSocketAddress address;
    private final SigV4Signer signer;

    S3Client(InetSocketAddress address, String accessKey, String secretKey) {
        this.address = address;
        this.signer = new SigV4Signer(accessKey, secretKey, S3Node.REGION);
    }

    /** A response; header names in lower case. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** The text of the first element of that name. */
        String element(String name) {
            String text = text();
            int start = text.indexOf("<" + name + ">");
            int end = text.indexOf("</" + name + ">", start);
            return start < 0 ? "" : text.substring(start + name.length() + 2, end);
        }

        String code() {
            return element("Code");
        }
    }

    SigV4Signer signer() {
        return signer;
    }

    Answer get(String target, String... headers) {
        return send("GET", target, new byte[0], headers);
    }

    Answer put(String target, String body, String... headers) {
        return send("PUT", target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Sends a signed request whose body's hash is signed too. */
    Answer send(String method, String target, byte[] body, String... headers) {
        List<Header> list = headers(body, headers);
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        PayloadMode mode = SigV4Signer.hashed(body);
        return raw(
                method,
                target,
                signer.sign(method, path, query, list, mode, Clock.system().now())
                        .headers(),
                body);
    }

    /** Sends a request without a signature. */
    Answer anonymous(String method, String target, byte[] body, String... headers) {
        return raw(method, target, headers(body, headers), body);
    }

    /** A target with a signature in its query. */
    String presigned(String method, String path) {
        return presigned(method, path, "");
    }

    /** As {@link #presigned(String, String)} with parameters of its own, encoded. */
    String presigned(String method, String path, String parameters) {
        List<Header> host = List.of(new Header("Host", host()));
        String query = signer.presign(
                method,
                path,
                parameters,
                host,
                Duration.ofMinutes(5),
                Clock.system().now());
        return path + "?" + query;
    }

    String host() {
        return "127.0.0.1:" + address.getPort();
    }

    List<Header> headers(byte[] body, String... more) {
        List<Header> list = new ArrayList<>();
        boolean hosted = false;
        boolean measured = false;
        for (int i = 0; i < more.length; i += 2) {
            hosted |= more[i].equalsIgnoreCase("host");
            measured |= more[i].equalsIgnoreCase("content-length");
            if (!more[i + 1].equals("-")) {
                list.add(new Header(more[i], more[i + 1]));
            }
        }
        if (!hosted) {
            list.add(new Header("Host", host()));
        }
        if (!measured && body.length > 0) {
            list.add(new Header("Content-Length", Integer.toString(body.length)));
        }
        return list;
    }

    Answer raw(String method, String target, List<Header> headers, byte[] body) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach(header ->
                head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        head.append("Connection: close\r\n\r\n");
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return answer(method, socket.getInputStream());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Answer answer(String method, InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        boolean empty = method.equals("HEAD") || status == 204 || status == 304;
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(empty ? 0 : length);
        if (!empty && body.length != length) {
            throw new IOException("the response ends after " + body.length + " of " + length + " bytes");
        }
        return new Answer(status, headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection ended in the head of the response");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }
}
