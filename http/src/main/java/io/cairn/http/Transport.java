package io.cairn.http;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How sockets are reached: Linux epoll where its native part is there, else the JDK's selector. */
enum Transport {
    EPOLL(EpollServerSocketChannel.class),
    NIO(NioServerSocketChannel.class);

    private final Class<? extends ServerChannel> channel;

    Transport(Class<? extends ServerChannel> channel) {
        this.channel = channel;
    }

    static Transport best(boolean epoll) {
        return epoll && Epoll.isAvailable() ? EPOLL : NIO;
    }

    Class<? extends ServerChannel> channel() {
        return channel;
    }

    IoHandlerFactory factory() {
        return switch (this) {
            case EPOLL -> LastingEpollHandler.factory(EpollIoHandler.newFactory());
            case NIO -> NioIoHandler.newFactory();
        };
    }
}
