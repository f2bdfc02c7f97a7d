package dev.fanfare.transport.server;

import dev.fanfare.observe.Component;
import dev.fanfare.transport.ServerOptions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The sockets that a server accepts from: bound to the configured address, or inherited. Opened
/// and closed by one thread at a time.
final class Listeners {

  private static final Logger log = Component.SERVER.logger();

  private static final int BACKLOG = 4_096;

  /// Sockets accepted in one turn of the loop: about a millisecond of work. One at a time, as Netty
  /// does with level-triggered epoll, newcomers wait for seconds while a loop is busy, and then for
  /// SYNs that were dropped.
  static final int ACCEPTS_PER_TURN = 32;

  private final ServerOptions options;
  private final NativeTransport transport;
  private final EventLoopGroup loops;
  private final AcceptGate gate;
  private @Nullable Channel main;

  /// Null if TLS shares the main port, or is off.
  private @Nullable Channel tls;

  private boolean isInherited;

  Listeners(
      ServerOptions options, NativeTransport transport, EventLoopGroup loops, AcceptGate gate) {
    this.options = options;
    this.transport = transport;
    this.loops = loops;
    this.gate = gate;
  }

  /// Starts to accept.
  ///
  /// @param inherited file descriptors of listening sockets; the others are bound here
  /// @param onTls for the separate TLS port; null if there is none
  /// @throws IOException with the address, or with what is wrong with an inherited socket
  void open(List<Integer> inherited, Pipeline onMain, @Nullable Pipeline onTls) throws IOException {
    for (int fd : inherited) {
      adopt(fd, onMain, onTls);
    }
    isInherited = main != null;
    if (main == null) {
      main = bind(onMain, options.port());
    }
    if (onTls != null && tls == null) {
      tls = bind(onTls, options.tls().port());
    }
  }

  private void adopt(int fd, Pipeline onMain, @Nullable Pipeline onTls) throws IOException {
    InheritedSockets.setNonBlocking(fd);
    Channel socket = channel(fd);
    int port = port(socket);
    boolean isTls = onTls != null && port == options.tls().port();
    if (port == 0 || (isTls ? tls : main) != null) {
      throw new IOException(
          "file descriptor "
              + fd
              + " (LISTEN_FDS) must be a TCP socket, one for the server's port and one for"
              + " tls_port");
    }
    ServerChannel listener = (ServerChannel) socket;
    ChannelFuture registered =
        bootstrap(isTls && onTls != null ? onTls : onMain, () -> listener)
            .register()
            .awaitUninterruptibly();
    if (!registered.isSuccess()) {
      throw new IOException("cannot accept on file descriptor " + fd, registered.cause());
    }
    if (isTls) {
      tls = listener;
    } else {
      main = listener;
      if (options.port() != port && options.port() != 0) {
        log.warn(
            "port {} of the configuration is not used: the inherited socket has port {}",
            options.port(),
            port);
      }
    }
  }

  private static Channel channel(int fd) throws IOException {
    try {
      return new EpollServerSocketChannel(fd);
    } catch (ChannelException e) {
      throw new IOException("file descriptor " + fd + " (LISTEN_FDS) is no socket", e);
    }
  }

  /// `0.0.0.0` and every other IPv4 address listen on IPv4 only, `::` on both.
  private Channel bind(Pipeline pipeline, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(options.host(), port);
    if (address.isUnresolved()) {
      throw new IOException("cannot resolve " + options.host() + " (host)");
    }
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    ServerBootstrap bootstrap = bootstrap(pipeline, () -> transport.serverSocket().apply(family));
    if (family == SocketProtocolFamily.INET) {
      bootstrap.attr(AcceptGate.IPV4_ONLY, true);
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw failure(port, String.valueOf(bound.cause().getMessage()), bound.cause());
    }
    return bound.channel();
  }

  private IOException failure(int port, String reason, Throwable cause) {
    return reason.contains("Address already in use")
        ? new IOException("port " + port + " is already in use on " + options.host(), cause)
        : new IOException("cannot listen on " + options.host() + ":" + port + ": " + reason, cause);
  }

  private ServerBootstrap bootstrap(Pipeline pipeline, Supplier<ServerChannel> socket) {
    return new ServerBootstrap()
        .group(loops)
        .channelFactory(socket::get)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.RECVBUF_ALLOCATOR, accepts())
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(options.maxPendingBytes(), options.maxPendingBytes()))
        .handler(gate)
        .childHandler(pipeline);
  }

  /// Says how many sockets a listener accepts in one turn.
  static MaxMessagesRecvByteBufAllocator accepts() {
    return new ServerChannelRecvByteBufAllocator()
        .respectMaybeMoreData(false)
        .maxMessagesPerRead(ACCEPTS_PER_TURN);
  }

  /// The main port; 0 before it is open.
  int port() {
    return port(main);
  }

  /// The port that accepts TLS, if TLS is on.
  int tlsPort() {
    return port(tls == null ? main : tls);
  }

  private static int port(@Nullable Channel listener) {
    return listener != null && listener.localAddress() instanceof InetSocketAddress address
        ? address.getPort()
        : 0;
  }

  /// True if the main port stays open when this process closes it.
  boolean isInherited() {
    return isInherited;
  }

  /// Stops accepting. Blocks; not for event loops.
  void close() {
    for (Channel listener : Arrays.asList(main, tls)) {
      if (listener != null && listener.isOpen()) {
        ListenerClose.close(listener);
      }
    }
  }
}
