package dev.fanfare.transport.server;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/// Epoll without `EPOLLRDHUP`, the event that a peer has ended its output. Netty answers it by
/// reading all that is left at once, even of a socket whose reading is off: a client that sends
/// megabytes and ends its output would bypass every limit and occupy the lane for seconds. Without
/// it the end is found behind the last byte, turn by turn, as with NIO: not while reading is off. A
/// reset (`EPOLLERR`, `EPOLLHUP`) is always reported.
///
/// @param epoll makes Netty's handler
record EpollByTurns(IoHandlerFactory epoll) implements IoHandlerFactory {

  @Override
  public IoHandler newHandler(ThreadAwareExecutor executor) {
    return new Handler(epoll.newHandler(executor));
  }

  @Override
  public boolean isChangingThreadSupported() {
    return epoll.isChangingThreadSupported();
  }

  private record Handler(IoHandler epoll) implements IoHandler {

    @Override
    public void initialize() {
      epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
      epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
      epoll.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      return new Registration(epoll.register(handle));
    }

    @Override
    public void wakeup() {
      epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return epoll.isCompatible(handleType);
    }
  }

  private record Registration(IoRegistration epoll) implements IoRegistration {

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's declaration
    public <T> T attachment() {
      return epoll.attachment();
    }

    /// Never submits nothing: Netty 4.2.18 removes such a socket from epoll and cannot add it
    /// again.
    @Override
    public long submit(IoOps ops) {
      EpollIoOps left = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
      return epoll.submit(left.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLERR : left);
    }

    @Override
    public boolean isValid() {
      return epoll.isValid();
    }

    @Override
    public boolean cancel() {
      return epoll.cancel();
    }
  }
}
