package dev.fanfare.transport.server;

import dev.fanfare.observe.Component;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Reports the state of the process to the service manager that started it, as sd_notify(3) does: a
/// datagram to the Unix socket `NOTIFY_SOCKET`. Does nothing without one.
///
/// @param socket path of the socket, with `@` for the abstract namespace; null for none
public record ServiceNotifier(@Nullable String socket) {

  private static final Logger log = Component.SERVER.logger();

  private static final long TIMEOUT_MS = 2_000;

  /// What the environment says.
  public static ServiceNotifier system() {
    return new ServiceNotifier(System.getenv("NOTIFY_SOCKET"));
  }

  /// Clients can connect.
  public void ready() {
    send("READY=1\nSTATUS=Accepting connections");
  }

  /// The process is about to exit.
  public void stopping() {
    send("STOPPING=1\nSTATUS=Draining connections");
  }

  /// Blocks until the datagram is sent. A failure is logged: the server works without.
  private void send(String state) {
    if (socket == null || socket.isEmpty()) {
      return;
    }
    if (!Epoll.isAvailable()) {
      log.warn(
          "cannot notify the service manager: {}", String.valueOf(Epoll.unavailabilityCause()));
      return;
    }
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("fanfare-notify", true), EpollIoHandler.newFactory());
    try {
      String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
      ChannelFuture connected =
          new Bootstrap()
              .group(loop)
              .channel(EpollDomainDatagramChannel.class)
              .handler(new ChannelInboundHandlerAdapter())
              .connect(new DomainSocketAddress(path));
      if (connected.awaitUninterruptibly(TIMEOUT_MS) && connected.isSuccess()) {
        Channel channel = connected.channel();
        ChannelFuture sent =
            channel.writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8));
        sent.awaitUninterruptibly(TIMEOUT_MS);
        report(sent.cause());
      } else {
        report(connected.cause());
      }
    } finally {
      var _ = loop.shutdownGracefully(0, TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void report(@Nullable Throwable failure) {
    if (failure != null) {
      log.warn("cannot notify the service manager at {}: {}", socket, failure.getMessage());
    }
  }
}
