package io.cairn.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * A closed loop on raw sockets: each connection sends one request, reads its whole response, and goes on. Connections
 * are platform threads with blocking channels, so that the client costs little beside the server. Stateless.
 */
final class HttpLoad {
    private static final int READ_BYTES = 256 << 10;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(ISO_8859_1);

    private HttpLoad() {}

    /** What a run measured. */
    record Result(long requests, double seconds, Histogram micros) {
        double perSecond() {
            return requests / seconds;
        }

        double millisAt(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1000.0;
        }
    }

    /** Runs the request over and over for the time given; a status other than 200 ends it with an exception. */
    static Result run(InetSocketAddress address, byte[] request, int connections, Duration time)
            throws InterruptedException {
        Histogram micros = new Histogram(60_000_000, 3);
        long start = System.nanoTime();
        long end = start + time.toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Future<Histogram>> parts = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                parts.add(threads.submit(() -> loop(address, request, end)));
            }
            for (Future<Histogram> part : parts) {
                micros.add(part.get());
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a connection failed", failed.getCause());
        }
        return new Result(micros.getTotalCount(), (System.nanoTime() - start) / 1e9, micros);
    }

    private static Histogram loop(InetSocketAddress address, byte[] request, long end) throws IOException {
        Histogram micros = new Histogram(60_000_000, 3);
        ByteBuffer out = ByteBuffer.allocateDirect(request.length).put(request);
        ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            for (long now = System.nanoTime(); now < end; ) {
                out.flip();
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                readResponse(channel, in);
                long done = System.nanoTime();
                micros.recordValue(Math.max(1, (done - now) / 1000));
                now = done;
            }
        }
        return micros;
    }

    private static void readResponse(SocketChannel channel, ByteBuffer in) throws IOException {
        in.clear();
        int head = -1;
        while (head < 0) {
            fill(channel, in);
            head = headEnd(in);
        }
        byte[] text = new byte[head];
        in.get(0, text);
        long left = contentLength(new String(text, ISO_8859_1)) - (in.position() - head);
        while (left > 0) {
            in.clear();
            left -= fill(channel, in);
        }
    }

    private static int fill(SocketChannel channel, ByteBuffer in) throws IOException {
        int count = channel.read(in);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        return count;
    }

    private static int headEnd(ByteBuffer in) {
        for (int i = 0; i + HEAD_END.length <= in.position(); i++) {
            if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                return i + HEAD_END.length;
            }
        }
        return -1;
    }

    private static long contentLength(String head) throws IOException {
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("unexpected response: " + head);
        }
        String name = "content-length:";
        for (String line : head.split("\r\n")) {
            if (line.regionMatches(true, 0, name, 0, name.length())) {
                return Long.parseLong(line.substring(name.length()).strip());
            }
        }
        throw new IOException("a response without a length: " + head);
    }
}
