package dev.fanfare.transport.server;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.ServerOptions.Transport;
import io.netty.channel.ChannelException;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.Function;

/// A Netty transport, chosen at start. A transport that is not available is never an error: the
/// next best is used and the reason is logged.
///
/// @param serverSocket makes a listening socket of an address family. io_uring and kqueue have no
///   choice and listen on both; [AcceptGate] closes what arrives over IPv6 then
/// @param reason a sentence for the start banner
record NativeTransport(
    Transport kind,
    IoHandlerFactory handlers,
    Function<SocketProtocolFamily, ServerChannel> serverSocket,
    String reason) {

  /// Sockets that a loop serves before it runs tasks, such as deliveries. The kernel serves those
  /// that are ready in turn, so the others come next. (NIO serves all of them.)
  private static final int MAX_EVENTS = 32;

  static NativeTransport choose(Transport wanted) {
    if (wanted != Transport.AUTO) {
      return switch (check(wanted)) {
        case Parsed.Ok<Parsed.Passed> _ -> of(wanted, "configured");
        case Parsed.Bad<Parsed.Passed> bad ->
            of(best(), "cannot use " + wanted + ": " + bad.reason());
      };
    }
    Transport best = best();
    return check(Transport.EPOLL) instanceof Parsed.Bad(String problem) && best == Transport.NIO
        ? of(best, "no native transport available: " + problem)
        : of(best, "best available");
  }

  /// The transport for sockets that were open before this process: the others cannot adopt one.
  static NativeTransport forInherited() throws IOException {
    if (check(Transport.EPOLL) instanceof Parsed.Bad(String problem)) {
      throw new IOException("inherited sockets (LISTEN_FDS) need epoll: " + problem);
    }
    return of(Transport.EPOLL, "for the inherited socket");
  }

  private static Transport best() {
    if (check(Transport.EPOLL) instanceof Parsed.Ok) {
      return Transport.EPOLL;
    }
    return check(Transport.KQUEUE) instanceof Parsed.Ok ? Transport.KQUEUE : Transport.NIO;
  }

  /// A multishot accept lets the kernel accept all waiting connections, whether files are left for
  /// them or not. Netty reads this property when its class is loaded.
  private static boolean isRingAvailable() {
    System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
    return IoUring.isAvailable();
  }

  private static Parsed<Parsed.Passed> check(Transport kind) {
    Throwable cause =
        switch (kind) {
          case IO_URING -> isRingAvailable() ? null : IoUring.unavailabilityCause();
          case EPOLL -> Epoll.isAvailable() ? null : Epoll.unavailabilityCause();
          case KQUEUE -> KQueue.isAvailable() ? null : KQueue.unavailabilityCause();
          case NIO, AUTO -> null;
        };
    return cause == null
        ? Parsed.PASSED
        : new Parsed.Bad<>(String.valueOf(root(cause).getMessage()));
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
              kind, IoUringIoHandler.newFactory(), _ -> new IoUringServerSocketChannel(), reason);
      case EPOLL ->
          new NativeTransport(
              kind,
              new EpollByTurns(
                  EpollIoHandler.newFactory(MAX_EVENTS, DefaultSelectStrategyFactory.INSTANCE)),
              EpollServerSocketChannel::new,
              reason);
      case KQUEUE ->
          new NativeTransport(
              kind,
              KQueueIoHandler.newFactory(MAX_EVENTS, DefaultSelectStrategyFactory.INSTANCE),
              _ -> new KQueueServerSocketChannel(),
              reason);
      case NIO, AUTO ->
          new NativeTransport(
              Transport.NIO, NioIoHandler.newFactory(), NativeTransport::nioSocket, reason);
    };
  }

  private static ServerChannel nioSocket(SocketProtocolFamily family) {
    try {
      return new NioServerSocketChannel(
          SelectorProvider.provider().openServerSocketChannel(family.toJdkFamily()));
    } catch (IOException e) {
      throw new ChannelException(e.getMessage(), e);
    }
  }
}
