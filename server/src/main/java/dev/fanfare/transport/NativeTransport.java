package dev.fanfare.transport;

import dev.fanfare.transport.ServerOptions.Transport;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import org.jspecify.annotations.Nullable;

/// One way to talk to the kernel, chosen at start. A way that does not work here is never an error:
/// the next best is taken and the reason is told.
///
/// @param reason a sentence for the start banner
record NativeTransport(
    Transport kind,
    IoHandlerFactory handlers,
    Class<? extends ServerChannel> serverSocket,
    String reason) {

  static NativeTransport choose(Transport wanted) {
    if (wanted != Transport.AUTO) {
      String problem = problem(wanted);
      return problem == null
          ? of(wanted, "asked for")
          : best("cannot use " + wanted + ": " + problem);
    }
    return best(null);
  }

  private static NativeTransport best(@Nullable String because) {
    String why = because;
    for (Transport kind : new Transport[] {Transport.EPOLL, Transport.KQUEUE}) {
      if (problem(kind) == null) {
        return of(kind, why == null ? "the best that works here" : why);
      }
    }
    String epoll = problem(Transport.EPOLL);
    return of(Transport.NIO, why == null ? "no native transport works here: " + epoll : why);
  }

  /// With one accept for many connections the kernel takes all that knock, whether there are files
  /// for them or not. Netty reads this when its class is loaded.
  private static boolean isRingAvailable() {
    System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
    return IoUring.isAvailable();
  }

  private static @Nullable String problem(Transport kind) {
    Throwable cause =
        switch (kind) {
          case IO_URING -> isRingAvailable() ? null : IoUring.unavailabilityCause();
          case EPOLL -> Epoll.isAvailable() ? null : Epoll.unavailabilityCause();
          case KQUEUE -> KQueue.isAvailable() ? null : KQueue.unavailabilityCause();
          case NIO, AUTO -> null;
        };
    return cause == null ? null : String.valueOf(root(cause).getMessage());
  }

  private static Throwable root(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static NativeTransport of(Transport kind, String reason) {
    return switch (kind) {
      case IO_URING ->
          new NativeTransport(
              kind, IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class, reason);
      case EPOLL ->
          new NativeTransport(
              kind, EpollIoHandler.newFactory(), EpollServerSocketChannel.class, reason);
      case KQUEUE ->
          new NativeTransport(
              kind, KQueueIoHandler.newFactory(), KQueueServerSocketChannel.class, reason);
      case NIO, AUTO ->
          new NativeTransport(
              Transport.NIO, NioIoHandler.newFactory(), NioServerSocketChannel.class, reason);
    };
  }
}
