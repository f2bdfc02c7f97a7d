package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Opens sockets to one target. Confined to the loop's thread.
public final class Connector {

  /// Bytes per read. Few enough to stay in the core's cache from read to scan.
  private static final int READ_BYTES = 32_768;

  private static final int CONNECT_MILLIS = 10_000;

  private final Target target;
  private final InetSocketAddress address;
  private final GeneratorLoop loop;
  private final SourceAddresses sources;
  private final @Nullable SslContext tls;

  public Connector(Target target, GeneratorLoop loop, SourceAddresses sources) {
    this.target = target;
    this.address = target.address();
    this.loop = loop;
    this.sources = sources;
    this.tls = target.tls() ? tls(target) : null;
  }

  public Target target() {
    return target;
  }

  public TurnClock clock() {
    return loop.clock();
  }

  /// The readable bytes without a copy, valid until the buffer is released.
  static ByteBuffer view(ByteBuf bytes) {
    return bytes.nioBufferCount() == 1
        ? bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes())
        : bytes.nioBuffer();
  }

  /// Connects a subscriber; `onFailure` gets the reason of a failure.
  void connectSubscriber(ChannelHandler handler, Consumer<String> onFailure) {
    connect(loop.subscribers(), handler, onFailure);
  }

  /// Connects a publisher, whose responses are handled before those of subscribers.
  void connectPublisher(ChannelHandler handler, Consumer<String> onFailure) {
    connect(loop.publishers(), handler, onFailure);
  }

  private void connect(IoEventLoop on, ChannelHandler handler, Consumer<String> onFailure) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(on)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .disableResolver()
            .handler(initializer(handler));
    InetSocketAddress source = sources.next();
    if (source != null && Epoll.isAvailable()) {
      bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
    }
    var _ =
        bootstrap
            .connect(address, source)
            .addListener(result -> {
              Throwable cause = result.cause();
              if (cause != null) {
                onFailure.accept(target.authority() + " cannot be reached: " + reason(cause));
              }
            });
  }

  /// Why a connection failed, as text.
  static String reason(Throwable thrown) {
    boolean wrapped = thrown instanceof DecoderException && thrown.getCause() != null;
    Throwable cause = wrapped ? thrown.getCause() : thrown;
    return switch (cause) {
      case ConnectException _ -> "the connection was refused";
      case NotSslRecordException _ -> "the server does not speak TLS on this port";
      case SSLHandshakeException e ->
          "TLS failed: " + e.getMessage() + " (--insecure accepts any certificate)";
      case null -> String.valueOf(thrown.getMessage());
      default -> String.valueOf(cause.getMessage());
    };
  }

  private ChannelHandler initializer(ChannelHandler handler) {
    if (tls == null) {
      return handler;
    }
    SslContext context = tls;
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel socket) {
        socket
            .pipeline()
            .addLast(context.newHandler(socket.alloc(), target.host(), target.port()), handler);
      }
    };
  }

  private static SslContext tls(Target target) {
    try {
      SslContextBuilder builder = SslContextBuilder.forClient();
      if (target.insecure()) {
        builder
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm("");
      }
      return builder.build();
    } catch (SSLException e) {
      throw new Refusal("TLS cannot be set up: " + e.getMessage() + ".");
    }
  }
}
