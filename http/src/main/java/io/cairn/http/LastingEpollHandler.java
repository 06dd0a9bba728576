package io.cairn.http;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll handler with one defect of 4.2.18 kept out of reach. When a channel has no interest left (reading is
 * paused and the client half-closes), Netty takes its descriptor out of the epoll set but remembers it as being there;
 * the next change of interest then fails with ENOENT and closes the channel, losing a body that was fully sent or a
 * response half written. Here "no interest" keeps the entry, edge-triggered for errors alone. Used by its event loop.
 */
final class LastingEpollHandler implements IoHandler {
    private static final EpollIoOps ERRORS_ONLY = EpollIoOps.EPOLLET;

    private final IoHandler inner;

    private LastingEpollHandler(IoHandler inner) {
        this.inner = inner;
    }

    static IoHandlerFactory factory(IoHandlerFactory inner) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new LastingEpollHandler(inner.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return inner.isChangingThreadSupported();
            }
        };
    }

    @Override
    public void initialize() {
        inner.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return inner.run(context);
    }

    @Override
    public void prepareToDestroy() {
        inner.prepareToDestroy();
    }

    @Override
    public void destroy() {
        inner.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Lasting(inner.register(handle));
    }

    @Override
    public void wakeup() {
        inner.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return inner.isCompatible(type);
    }

    /** A registration that is never emptied once it was made. */
    private static final class Lasting implements IoRegistration {
        private final IoRegistration inner;
        private boolean made;

        Lasting(IoRegistration inner) {
            this.inner = inner;
        }

        @Override
        public <T> T attachment() {
            return inner.attachment();
        }

        @Override
        public long submit(IoOps interest) {
            boolean none = interest.equals(EpollIoOps.NONE);
            made |= !none;
            return inner.submit(none && made ? ERRORS_ONLY : interest);
        }

        @Override
        public boolean isValid() {
            return inner.isValid();
        }

        @Override
        public boolean cancel() {
            return inner.cancel();
        }
    }
}
