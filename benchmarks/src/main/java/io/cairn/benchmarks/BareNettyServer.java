package io.cairn.benchmarks;

import io.cairn.http.HttpServerOptions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The control: the least a Netty server can do, all on its event loops. GET {@code /4k} and {@code /16m} answer fixed
 * bytes from memory, PUT takes a body and drops it. Safe for use by many threads.
 */
public final class BareNettyServer implements AutoCloseable {
    /** The body of {@code /16m}. */
    public static final int LARGE_BYTES = 16 << 20;

    /** The body of {@code /4k}. */
    public static final int SMALL_BYTES = 4 << 10;

    private static final ByteBuf LARGE = fixed(LARGE_BYTES);
    private static final ByteBuf SMALL = fixed(SMALL_BYTES);

    private final EventLoopGroup group;
    private final Channel listener;

    private BareNettyServer(InetSocketAddress bind, int eventLoops) {
        boolean epoll = Epoll.isAvailable();
        group = new MultiThreadIoEventLoopGroup(
                eventLoops,
                new DefaultThreadFactory("bare-netty", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        listener = new ServerBootstrap()
                .group(group)
                .channel(type)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(16 << 10, 32 << 10, 64 << 10), new Answer());
                    }
                })
                .bind(bind)
                .syncUninterruptibly()
                .channel();
    }

    private static ByteBuf fixed(int bytes) {
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes).writeZero(bytes).asReadOnly());
    }

    /** Serves on a port of loopback until the process ends, with as many event loops as Cairn has. */
    public static void main(String[] arguments) throws InterruptedException {
        InetSocketAddress bind = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        start(bind, HttpServerOptions.defaults(bind).eventLoops())
                .listener
                .closeFuture()
                .await();
    }

    public static BareNettyServer start(InetSocketAddress bind, int eventLoops) {
        return new BareNettyServer(bind, eventLoops);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Answers when the request is whole. Used by its event loop. */
    private static final class Answer extends SimpleChannelInboundHandler<HttpObject> {
        private ByteBuf body = Unpooled.EMPTY_BUFFER;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpRequest request) {
                body = switch (request.uri()) {
                    case "/16m" -> LARGE;
                    case "/4k" -> SMALL;
                    default -> Unpooled.EMPTY_BUFFER;
                };
            }
            if (message instanceof HttpContent && message instanceof LastHttpContent) {
                var response =
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body.duplicate());
                response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
                context.write(response, context.voidPromise());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
