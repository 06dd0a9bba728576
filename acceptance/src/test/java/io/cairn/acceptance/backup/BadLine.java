package io.cairn.acceptance.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a server on which every connection ends after some bytes, in either direction, and some get an answer of 500
 * that the server never gave. Random, from a seed. Close it.
 */
final class BadLine implements AutoCloseable {
    private static final String FAILURE =
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n" + "Connection: close\r\n\r\n";
    private static final int BYTES_MIN = 20_000;
    private static final int BYTES_MAX = 40_000_000;

    private final ServerSocket socket;
    private final URI server;
    private final SplittableRandom random;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger faults = new AtomicInteger();

    BadLine(URI server, long seed) {
        this.server = server;
        this.random = new SplittableRandom(seed);
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        threads.execute(this::accept);
    }

    String authority() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Connections that did not end well. */
    int faults() {
        return faults.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                boolean fails = random.nextInt(4) == 0;
                long bytes = random.nextInt(BYTES_MIN, BYTES_MAX);
                threads.execute(() -> serve(client, fails, bytes));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(Socket client, boolean fails, long bytes) {
        try (client) {
            if (fails) {
                faults.incrementAndGet();
                int first = client.getInputStream().read(new byte[1 << 16]);
                if (first > 0) {
                    client.getOutputStream().write(FAILURE.getBytes(StandardCharsets.US_ASCII));
                }
                return;
            }
            try (Socket behind = new Socket(server.getHost(), server.getPort())) {
                var back = threads.submit(() -> pump(behind.getInputStream(), client.getOutputStream(), bytes, client));
                boolean cut = pump(client.getInputStream(), behind.getOutputStream(), bytes, behind);
                boolean cutBack = back.get();
                if (cut || cutBack) {
                    faults.incrementAndGet();
                }
            }
        } catch (IOException | java.util.concurrent.ExecutionException broken) {
            return;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the connection was cut; then the other side is closed too. */
    private static boolean pump(InputStream in, OutputStream out, long bytes, Socket other) throws IOException {
        byte[] buffer = new byte[1 << 14];
        long left = bytes;
        try {
            for (int count; (count = in.read(buffer)) > 0; left -= count) {
                if (count > left) {
                    return true;
                }
                out.write(buffer, 0, count);
            }
            return false;
        } finally {
            other.close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } finally {
            threads.shutdownNow();
        }
    }
}
