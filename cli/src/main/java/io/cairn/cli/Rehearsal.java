package io.cairn.cli;

import io.cairn.base.Clock;
import io.cairn.server.Node;
import io.cairn.server.NodeOptions;
import io.cairn.server.Role;
import io.cairn.server.RootKey;
import io.cairn.wire.Header;
import io.cairn.wire.sigv4.SigV4Signer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A short life of a daemon, for the JVM to learn from: makes a store, serves the requests that a first client sends,
 * stops. Any failure is the caller's to report. One thread.
 */
final class Rehearsal {
    private static final Duration SIGNATURE_LIFE = Duration.ofMinutes(15);
    private static final int ROUNDS = 40;
    private static final byte[] CONTENT = new byte[4096];

    private final Node node;
    private final SigV4Signer signer;

    private Rehearsal(Node node) {
        this.node = node;
        RootKey key = node.rootKey();
        this.signer = new SigV4Signer(key.accessKey(), key.secretKey(), "us-east-1");
    }

    /** Lives through it with its data in the directory; false when a request was not answered with success. */
    static boolean live(Path directory) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        NodeOptions options = new NodeOptions(
                List.of(directory),
                any,
                any,
                VolumesFlags.possible() ? Set.of(Role.STORE, Role.VOLUMES) : Set.of(Role.STORE),
                Optional.empty(),
                false,
                List.of("localhost"),
                "us-east-1",
                Optional.empty(),
                Optional.empty(),
                VolumesFlags.possible() ? Optional.of(VolumesRehearsal.setup(directory, false)) : Optional.empty());
        try (Node node = Node.start(options, Version.number())) {
            return new Rehearsal(node).requests();
        }
    }

    private boolean requests() throws IOException {
        boolean all = send("PUT", "/rehearsal", "", new byte[0]);
        for (int i = 0; i < ROUNDS; i++) {
            String path = "/rehearsal/key-" + i;
            all &= send("PUT", path, "", CONTENT);
            all &= send("GET", path, "", new byte[0]);
            all &= send("HEAD", path, "", new byte[0]);
        }
        all &= send("GET", "/rehearsal", "list-type=2", new byte[0]);
        all &= send("DELETE", "/rehearsal/key-0", "", new byte[0]);
        return all;
    }

    private boolean send(String method, String path, String query, byte[] body) throws IOException {
        InetSocketAddress address = node.s3Address();
        String host = address.getHostString() + ":" + address.getPort();
        String signed = signer.presign(
                method,
                path,
                query,
                List.of(new Header("host", host)),
                SIGNATURE_LIFE,
                Clock.system().now());
        String head = method + " " + path + "?" + signed + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: "
                + body.length + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.startsWith("HTTP/1.1 2");
        }
    }
}
