package dev.fanfare.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// A socket without a network: what is written to it is read at once and discarded, except that it
/// remembers WebSocket pings. Small, so that a million of them fit into a heap.
class QuietSocket extends AbstractChannel {

  private static final ChannelMetadata METADATA = new ChannelMetadata(false);
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  private static final int PING = 0x89;

  private final ChannelConfig config = new DefaultChannelConfig(this);
  private boolean isOpen = true;
  private boolean wasPinged;

  QuietSocket() {
    super(null);
  }

  /// True once after each ping.
  boolean takePing() {
    boolean was = wasPinged;
    wasPinged = false;
    return was;
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new AbstractUnsafe() {
      @Override
      public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        promise.setFailure(new UnsupportedOperationException());
      }
    };
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected SocketAddress localAddress0() {
    return ADDRESS;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return ADDRESS;
  }

  @Override
  protected void doBind(SocketAddress address) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void doDisconnect() {
    isOpen = false;
  }

  @Override
  protected void doClose() {
    isOpen = false;
  }

  @Override
  protected void doBeginRead() {}

  @Override
  protected void doWrite(ChannelOutboundBuffer in) {
    Object message;
    while ((message = in.current()) != null) {
      if (message instanceof ByteBuf bytes && bytes.isReadable()) {
        wasPinged |= bytes.getUnsignedByte(bytes.readerIndex()) == PING;
        onSent(bytes);
      }
      in.remove();
    }
  }

  /// The peer reads some bytes, which are released after this.
  protected void onSent(ByteBuf bytes) {}

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return isOpen;
  }

  @Override
  public boolean isActive() {
    return isOpen;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }
}
