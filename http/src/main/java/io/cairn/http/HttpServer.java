package io.cairn.http;

import io.cairn.base.Checks;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running HTTP/1.1 server: a few event loops move bytes, one virtual thread per request runs the handler. Listening
 * from the moment it exists until {@link #close()}. Safe for use by many threads.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int RECEIVE_BYTES_MIN = 1 << 10;
    private static final int RECEIVE_BYTES_FIRST = 4 << 10;
    private static final int RECEIVE_BYTES_MAX = 64 << 10;
    private static final int BACKLOG = 1024;
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration FORCED = Duration.ofSeconds(2);

    private final ServerContext server;
    private final EventLoopGroup group;
    private final Map<EventLoop, Loop> loops = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Channel listener;
    private final @Nullable SocketFile socketFile;

    private HttpServer(HttpServerOptions options, Handler handler) throws IOException {
        server = new ServerContext(options, handler);
        SslContext tls = tls(options.tls());
        Transport transport = Transport.best(options.epoll());
        group = new MultiThreadIoEventLoopGroup(
                options.eventLoops(), new DefaultThreadFactory("http-loop", true), transport.factory());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark(options.limits()))
                .childHandler(new Accept(tls));
        SocketFile claimed = null;
        Channel bound = null;
        try {
            switch (options.endpoint()) {
                case Endpoint.Tcp(InetSocketAddress address) -> bound = bindTcp(bootstrap, transport, address);
                case Endpoint.Unix socket -> {
                    claimed = SocketFile.claim(socket.path());
                    bound = bindUnix(bootstrap, transport, claimed.draft());
                    claimed.publish(socket.mode());
                }
            }
        } catch (Exception refused) {
            abandon(bound, claimed);
            throw new IOException("cannot listen on " + options.endpoint() + ": " + refused.getMessage(), refused);
        }
        listener = bound;
        socketFile = claimed;
    }

    private static Channel bindTcp(ServerBootstrap bootstrap, Transport transport, InetSocketAddress address) {
        return bootstrap
                .channel(transport.channel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    /** Without half-closed connections: a client that ends its output has gone, and its handler is to know at once. */
    private static Channel bindUnix(ServerBootstrap bootstrap, Transport transport, Path draft) {
        return bootstrap
                .channel(transport.unixChannel())
                .bind(transport.address(draft))
                .syncUninterruptibly()
                .channel();
    }

    private void abandon(@Nullable Channel bound, @Nullable SocketFile claimed) throws IOException {
        if (bound != null) {
            bound.close().syncUninterruptibly();
        }
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        if (claimed != null) {
            claimed.close();
        }
    }

    /** Starts to listen. Throws {@link UncheckedIOException} when the address or the TLS files cannot be used. */
    public static HttpServer start(HttpServerOptions options, Handler handler) {
        try {
            return new HttpServer(options, handler);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused.getMessage(), refused);
        }
    }

    private static WriteBufferWaterMark waterMark(HttpLimits limits) {
        return new WriteBufferWaterMark(limits.writeHighWaterBytes() / 2, limits.writeHighWaterBytes());
    }

    private static @Nullable SslContext tls(@Nullable TlsFiles files) throws IOException {
        if (files == null) {
            return null;
        }
        for (Path file : List.of(files.certificateChain(), files.privateKey())) {
            if (!Files.isReadable(file)) {
                throw new IOException("the TLS file " + file + " is missing, or not readable for this user");
            }
        }
        try {
            return SslContextBuilder.forServer(
                            files.certificateChain().toFile(),
                            files.privateKey().toFile())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new IOException(
                    "cannot use the TLS certificate " + files.certificateChain() + " with its key: "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    /** Sets up accepted connections, or closes them when there are too many. */
    private final class Accept extends ChannelInitializer<Channel> {
        private final @Nullable SslContext tls;

        Accept(@Nullable SslContext tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            Counters counters = server.counters;
            if (counters.connections.get() >= server.options.limits().connections() || server.draining()) {
                counters.connectionsRefused.increment();
                channel.close();
                return;
            }
            counters.connections.incrementAndGet();
            counters.connectionsTotal.increment();
            AdaptiveRecvByteBufAllocator receive =
                    new AdaptiveRecvByteBufAllocator(RECEIVE_BYTES_MIN, RECEIVE_BYTES_FIRST, RECEIVE_BYTES_MAX);
            receive.maxMessagesPerRead(1);
            channel.config().setRecvByteBufAllocator(receive);
            if (tls != null) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc()));
            }
            Loop loop = loops.computeIfAbsent(channel.eventLoop(), eventLoop -> new Loop(server, eventLoop));
            channel.pipeline().addLast(new Connection(server, loop, channel));
        }
    }

    /** The address it listens on, with the port it was given. Not for a server on a unix socket. */
    public InetSocketAddress address() {
        Checks.check(socketFile == null, "a server on TCP, not on %s", server.options.endpoint());
        return (InetSocketAddress) listener.localAddress();
    }

    public HttpServerStats stats() {
        return server.counters.snapshot();
    }

    /**
     * Stops accepting, closes idle connections, lets running exchanges end within the shutdown time, then cuts the
     * rest. Returns at once when it was called before. Handlers that ignore the loss of their client may outlive it.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        listener.close().syncUninterruptibly();
        removeSocketFile();
        server.drain();
        loops.forEach((eventLoop, loop) -> eventLoop.execute(loop::closeIdle));
        Counters counters = server.counters;
        await(server.options.timeouts().shutdown(), () -> counters.connections.get() == 0);
        loops.forEach((eventLoop, loop) -> eventLoop.execute(loop::closeAll));
        await(FORCED, () -> counters.connections.get() == 0 && counters.running.get() == 0);
        group.shutdownGracefully(0, FORCED.toMillis(), TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    private void removeSocketFile() {
        try {
            if (socketFile != null) {
                socketFile.close();
            }
        } catch (IOException left) {
            LOG.warn("the socket {} is left behind: {}", server.options.endpoint(), left.getMessage());
        }
    }

    private void await(Duration limit, BooleanSupplier done) {
        long start = server.clock.nanos();
        while (!done.getAsBoolean() && server.clock.nanos() - start < limit.toNanos()) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
