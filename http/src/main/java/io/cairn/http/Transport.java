package io.cairn.http;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** How sockets are reached: Linux epoll where its native part is there, else the JDK's selector. */
enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollServerDomainSocketChannel.class),
    NIO(NioServerSocketChannel.class, NioServerDomainSocketChannel.class);

    private final Class<? extends ServerChannel> channel;
    private final Class<? extends ServerChannel> unixChannel;

    Transport(Class<? extends ServerChannel> channel, Class<? extends ServerChannel> unixChannel) {
        this.channel = channel;
        this.unixChannel = unixChannel;
    }

    static Transport best(boolean epoll) {
        return epoll && Epoll.isAvailable() ? EPOLL : NIO;
    }

    Class<? extends ServerChannel> channel() {
        return channel;
    }

    Class<? extends ServerChannel> unixChannel() {
        return unixChannel;
    }

    /** The path of a unix socket as this transport wants it. */
    SocketAddress address(Path path) {
        return switch (this) {
            case EPOLL -> new DomainSocketAddress(path.toFile());
            case NIO -> UnixDomainSocketAddress.of(path);
        };
    }

    IoHandlerFactory factory() {
        return switch (this) {
            case EPOLL -> LastingEpollHandler.factory(EpollIoHandler.newFactory());
            case NIO -> NioIoHandler.newFactory();
        };
    }
}
