package io.cairn.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server that runs as a process of its own, as it does in production, and listens on loopback. Closing it ends it and
 * waits. For one thread.
 */
final class ServerProcess implements AutoCloseable {
    static final String ACCESS_KEY = "benchmark-root";
    static final String SECRET_KEY = "benchmark-secret-of-no-worth";

    private static final long START_SECONDS_MAX = 60;

    private final Process process;
    private static final byte[] FIRST_REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress address;
    private final Path output;
    private double startSeconds;

    private ServerProcess(Process process, InetSocketAddress address, Path output) {
        this.process = process;
        this.address = address;
        this.output = output;
    }

    /** Starts Cairn with the flags of production on a data directory; returns when it answers. */
    static ServerProcess cairn(Path program, Path data) throws IOException, InterruptedException {
        InetSocketAddress s3 = freeAddress();
        InetSocketAddress admin = freeAddress();
        List<String> command = List.of(
                program.toString(),
                "start",
                "--roles",
                "store",
                "--data",
                data.toString(),
                "--listen",
                text(s3),
                "--admin",
                text(admin));
        Map<String, String> keys = Map.of("CAIRN_ROOT_ACCESS_KEY", ACCESS_KEY, "CAIRN_ROOT_SECRET_KEY", SECRET_KEY);
        return start(command, keys, s3, data.resolveSibling(data.getFileName() + ".log"));
    }

    /** Starts the bare Netty server, the control. */
    static ServerProcess bareNetty(Path directory) throws IOException, InterruptedException {
        InetSocketAddress address = freeAddress();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BareNettyServer.class.getName()));
        command.add(String.valueOf(address.getPort()));
        return start(command, Map.of(), address, directory.resolve("bare-netty.log"));
    }

    private static ServerProcess start(
            List<String> command, Map<String, String> environment, InetSocketAddress address, Path output)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        long begin = System.nanoTime();
        ServerProcess server = new ServerProcess(builder.start(), address, output);
        server.awaitAnswer(begin);
        server.startSeconds = (System.nanoTime() - begin) / 1e9;
        return server;
    }

    private void awaitAnswer(long begin) throws IOException, InterruptedException {
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(START_SECONDS_MAX)) {
                process.destroy();
                throw new IOException("the server does not answer: " + Files.readString(output));
            }
            Thread.sleep(2);
        }
    }

    /** Whether a request is answered, be it refused: the port alone is bound earlier than the store is open. */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            socket.getOutputStream().write(FIRST_REQUEST);
            return socket.getInputStream().read() >= 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    InetSocketAddress address() {
        return address;
    }

    /** From the command to the first answered request. */
    double startSeconds() {
        return startSeconds;
    }

    ProcessFigures figures() {
        return new ProcessFigures(process.pid());
    }

    S3Calls calls() {
        return new S3Calls(address, ACCESS_KEY, SECRET_KEY);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
