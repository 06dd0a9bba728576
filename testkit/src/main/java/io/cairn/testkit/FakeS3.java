package io.cairn.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/**
 * An S3 server in memory, on a free loopback port, with versions, tags, object lock, multipart uploads, and faults
 * where a test wants them. Checks checksums, no signatures. Safe for use by many threads.
 */
public final class FakeS3 implements AutoCloseable {
    /** What goes wrong with one request. */
    public sealed interface Fault {
        /** An answer in place of what was asked; nothing is done. */
        record Says(int status, String code) implements Fault {}

        /** An answer with one more header. */
        record SaysWith(int status, String code, String header, String value) implements Fault {}

        /** The connection ends without an answer; it is done, or not. */
        record Drops(boolean afterwards) implements Fault {}

        /** No answer until the server is closed. */
        record Hangs() implements Fault {}

        /** Half of the object that was asked for. */
        record Cuts() implements Fault {}

        /** The object that was asked for, with one bit changed. */
        record Flips() implements Fault {}
    }

    static {
        // Head and body of an answer are two writes, and Nagle would hold the second one back for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, FakeBucket> buckets = new ConcurrentHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile BiFunction<String, String, Optional<Fault>> faults = (_, _) -> Optional.empty();
    private volatile boolean conditionalWrites = true;

    public FakeS3() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Asked before each request, with its method and its path with the query. */
    public void failWith(BiFunction<String, String, Optional<Fault>> source) {
        faults = source;
    }

    /** Whether If-None-Match means anything on a put; old servers overlook it. */
    public void conditionalWrites(boolean understood) {
        conditionalWrites = understood;
    }

    /** Makes a bucket. */
    public FakeS3 with(String bucket, boolean versions, boolean locks) {
        buckets.put(bucket, new FakeBucket(bucket, versions || locks, locks));
        return this;
    }

    /** Method and path of all requests until now. */
    public List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** When the newest version of an object may be deleted; empty when it is not locked. */
    public String lockedUntil(String bucket, String key) {
        return bucket(bucket).newest(key).map(FakeObject::lockedUntil).orElse("");
    }

    private void handle(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        synchronized (requests) {
            requests.add(line);
        }
        FakeCall call = FakeCall.read(exchange);
        Optional<Fault> fault = faults.apply(
                exchange.getRequestMethod(), exchange.getRequestURI().toString());
        if (fault.isPresent()) {
            fail(call, fault.get());
        } else {
            serve(call);
        }
    }

    private void fail(FakeCall call, Fault fault) throws IOException {
        switch (fault) {
            case Fault.Says says -> call.error(says.status(), says.code());
            case Fault.SaysWith says -> {
                call.exchange().getResponseHeaders().set(says.header(), says.value());
                call.error(says.status(), says.code());
            }
            case Fault.Drops drops -> {
                if (drops.afterwards()) {
                    bucket(call.bucket()).apply(call, conditionalWrites);
                }
                call.exchange().close();
            }
            case Fault.Hangs _ -> {
                try {
                    closed.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }
            case Fault.Cuts _ -> call.cut(bytes(call));
            case Fault.Flips _ -> {
                byte[] bytes = bytes(call);
                bytes[bytes.length / 2] ^= 1;
                FakeObject object = bucket(call.bucket()).newest(call.key()).orElseThrow();
                call.exchange().getResponseHeaders().set("ETag", "\"" + object.etag() + "\"");
                call.exchange().getResponseHeaders().set("x-amz-checksum-crc32c", object.crc32c());
                call.bytes(200, bytes);
            }
        }
    }

    private FakeBucket bucket(String name) {
        return Objects.requireNonNull(buckets.get(name), name);
    }

    private byte[] bytes(FakeCall call) {
        return bucket(call.bucket()).newest(call.key()).orElseThrow().bytes().clone();
    }

    private void serve(FakeCall call) throws IOException {
        FakeBucket bucket = buckets.get(call.bucket());
        if (bucket != null) {
            bucket.serve(call, conditionalWrites);
        } else if (call.exchange().getRequestMethod().equals("PUT")
                && call.key().isEmpty()) {
            with(call.bucket(), false, false);
            call.answer(200);
        } else {
            call.error(404, "NoSuchBucket");
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
