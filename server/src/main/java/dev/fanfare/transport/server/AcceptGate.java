package dev.fanfare.transport.server;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.transport.FileBudget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;

/// Decides when the listeners accept. When the files that accepted sockets may use are gone, idle
/// HTTP connections are closed and accepting pauses; new connections wait in the kernel's backlog
/// meanwhile. One gate for all listeners of a server; called on any lane.
@ChannelHandler.Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {

  /// Present on a listener whose address is an IPv4 address.
  static final AttributeKey<Boolean> IPV4_ONLY = AttributeKey.valueOf("fanfare.ipv4");

  private static final Logger log = Component.CONNECTIONS.logger();

  /// Longest pause in milliseconds before the files are looked at again.
  private static final int PAUSE_MS = 50;

  /// Sockets that must have room before accepting resumes, so that it is not switched for each.
  private static final int RESUME_ROOM = 8;

  /// Sockets accepted beyond the room that are kept: some transports accept several at once.
  private static final int OVERSHOOT = 16;

  private static final long LOG_EVERY_NS = TimeUnit.MINUTES.toNanos(1);

  private final FileBudget files;
  private final Runnable closeIdle;
  private final List<Channel> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  /// Agrees with the listeners' switches whenever the lock is free.
  private volatile boolean isPaused;

  private long loggedAtNs;

  /// @param closeIdle asks every lane to close its oldest idle HTTP connections; does not block
  AcceptGate(FileBudget files, Runnable closeIdle) {
    this.files = files;
    this.closeIdle = closeIdle;
    files.onClosed(this::onClosed);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    listeners.add(ctx.channel());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Channel socket = (Channel) message;
    if (files.room() < -OVERSHOOT || isForeign(ctx.channel(), socket)) {
      socket.unsafe().closeForcibly();
    } else {
      files.accept(socket);
      ctx.fireChannelRead(socket);
    }
    if (files.room() <= 0) {
      pause(ctx);
    }
  }

  /// True for IPv6 on a listener that was asked for IPv4; see [NativeTransport].
  private static boolean isForeign(Channel listener, Channel socket) {
    return socket.remoteAddress() instanceof InetSocketAddress peer
        && peer.getAddress() instanceof Inet6Address
        && listener.hasAttr(IPV4_ONLY);
  }

  /// Reached only if another process, or a library, used up the files behind our count.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    long nowNs = NanoClock.SYSTEM.nanoTime();
    if (loggedAtNs == 0 || nowNs - loggedAtNs > LOG_EVERY_NS) {
      loggedAtNs = nowNs;
      log.warn("cannot accept connections at the moment, retrying: {}", cause.getMessage());
    }
    pause(ctx);
  }

  private void pause(ChannelHandlerContext ctx) {
    if (switchOff()) {
      closeIdle.run();
      retryLater(ctx);
    }
  }

  /// True if accepting was on. Switching is exclusive: sockets close on other lanes meanwhile, and
  /// a listener that is switched off after it was resumed would never accept again.
  private boolean switchOff() {
    lock.lock();
    try {
      boolean wasOn = !isPaused;
      isPaused = true;
      listeners.forEach(listener -> listener.config().setAutoRead(false));
      return wasOn;
    } finally {
      lock.unlock();
    }
  }

  private void retryLater(ChannelHandlerContext ctx) {
    var _ = ctx.executor().schedule(() -> retry(ctx), PAUSE_MS, TimeUnit.MILLISECONDS);
  }

  private void retry(ChannelHandlerContext ctx) {
    if (!isPaused) {
      return;
    }
    if (files.room() > 0) {
      resume();
    } else {
      closeIdle.run();
      retryLater(ctx);
    }
  }

  private void onClosed() {
    if (isPaused && files.room() >= RESUME_ROOM) {
      resume();
    }
  }

  private void resume() {
    lock.lock();
    try {
      isPaused = false;
      listeners.stream()
          .filter(Channel::isOpen)
          .forEach(listener -> listener.config().setAutoRead(true));
    } finally {
      lock.unlock();
    }
  }
}
