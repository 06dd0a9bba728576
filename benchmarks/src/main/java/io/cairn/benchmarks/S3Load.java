package io.cairn.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * A closed loop of S3 calls on raw sockets: each connection sends one call, reads its whole answer, and sends the next.
 * One thread with one selector serves all connections, because it shares the cores with the server: it costs one read
 * and one write per call. For one thread.
 */
final class S3Load {
    private static final int READ_BYTES = 256 << 10;
    private static final long MICROS_MAX = 120_000_000;

    private final Supplier<SignedCall> calls;
    private final long endNanos;
    private final long callsMax;
    private final Histogram micros = new Histogram(MICROS_MAX, 3);
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private long sent;
    private long done;
    private long bytes;
    private long failures;
    private String complaint = "";

    private S3Load(Supplier<SignedCall> calls, long endNanos, long callsMax) {
        this.calls = calls;
        this.endNanos = endNanos;
        this.callsMax = callsMax;
    }

    /**
     * What a run measured.
     *
     * @param calls that were answered, the failed ones included
     * @param bytes of content, sent and received
     * @param failures answers of another status or length than expected
     * @param complaint the first of them, or empty
     */
    record Result(long calls, long bytes, double seconds, Histogram micros, long failures, String complaint) {
        double perSecond() {
            return calls / seconds;
        }

        double bytesPerSecond() {
            return bytes / seconds;
        }

        double millisAt(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1000.0;
        }
    }

    /** Calls for the time given. */
    static Result run(InetSocketAddress server, Supplier<SignedCall> calls, int connections, Duration time)
            throws IOException {
        return new S3Load(calls, System.nanoTime() + time.toNanos(), Long.MAX_VALUE).run(server, connections);
    }

    /** Makes that many calls, however long they take. */
    static Result count(InetSocketAddress server, Supplier<SignedCall> calls, int connections, long count)
            throws IOException {
        return new S3Load(calls, Long.MAX_VALUE, count).run(server, (int) Math.min(connections, count));
    }

    private Result run(InetSocketAddress server, int connections) throws IOException {
        List<LoadConnection> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                all.add(new LoadConnection(server, selector));
            }
            long start = System.nanoTime();
            for (LoadConnection connection : all) {
                next(connection);
            }
            while (done < sent) {
                selector.select(this::ready);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Result(done, bytes, seconds, micros, failures, complaint);
        } catch (LoadFault fault) {
            throw fault.cause();
        } finally {
            for (LoadConnection connection : all) {
                connection.close();
            }
        }
    }

    private void ready(SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        try {
            if (key.isWritable()) {
                connection.flush();
            }
            if (key.isReadable() && connection.receive(in)) {
                landed(connection);
            }
        } catch (IOException fault) {
            throw new LoadFault(fault);
        }
    }

    private void landed(LoadConnection connection) throws IOException {
        long now = System.nanoTime();
        micros.recordValue(Math.clamp((now - connection.sentAtNanos()) / 1000, 1, MICROS_MAX));
        done++;
        bytes += connection.contentBytes();
        if (!connection.succeeded()) {
            failures++;
            complaint = complaint.isEmpty() ? connection.complaint() : complaint;
        }
        if (endNanos == Long.MAX_VALUE || now - endNanos < 0) {
            next(connection);
        }
    }

    private void next(LoadConnection connection) throws IOException {
        if (sent < callsMax) {
            sent++;
            connection.send(calls.get());
        }
    }

    /** Carries an I/O fault out of the selector's callback. */
    private static final class LoadFault extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final IOException fault;

        LoadFault(IOException fault) {
            super(fault);
            this.fault = fault;
        }

        IOException cause() {
            return fault;
        }
    }
}
