package dev.fanfare.transport.server;

import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.SocketContext;
import dev.fanfare.transport.SocketInput;
import dev.fanfare.transport.fallback.Fallbacks;
import dev.fanfare.transport.http.BodyAggregator;
import dev.fanfare.transport.http.HttpCodec;
import dev.fanfare.transport.http.HttpGateway;
import dev.fanfare.transport.tls.FirstByte;
import dev.fanfare.transport.tls.PortPolicy;
import dev.fanfare.transport.tls.Tls;
import dev.fanfare.transport.websocket.Upgrade;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.flow.FlowControlHandler;
import java.util.function.Function;

/// The handlers of an accepted socket, which speaks HTTP, possibly over TLS, until it asks for an
/// upgrade.
final class Pipeline extends ChannelInitializer<SocketChannel> {

  /// Bytes of a request line, which may contain many long channel names.
  private static final int MAX_LINE_BYTES = 16 * 1_024;

  private static final int MAX_HEADER_BYTES = 16 * 1_024;

  private static final HttpDecoderConfig DECODER_CONFIG =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(MAX_LINE_BYTES)
          .setMaxHeaderSize(MAX_HEADER_BYTES);

  private final SocketContext shared;
  private final WebSocketDecoderConfig frameConfig;
  private final Function<io.netty.channel.EventLoop, LaneContext> contexts;
  private final PortPolicy policy;
  private final Fallbacks fallbacks;

  Pipeline(
      SocketContext shared,
      Function<io.netty.channel.EventLoop, LaneContext> contexts,
      PortPolicy policy,
      Fallbacks fallbacks) {
    this.shared = shared;
    this.fallbacks = fallbacks;
    this.policy = policy;
    this.frameConfig = Upgrade.decoderConfig(shared.options());
    this.contexts = contexts;
  }

  @Override
  protected void initChannel(SocketChannel socket) {
    init(contexts.apply(socket.eventLoop()), socket);
  }

  /// Adds the first handlers of an accepted socket.
  void init(LaneContext context, Channel socket) {
    SocketInput.install(socket, context.input());
    HttpGateway gateway =
        new HttpGateway(
            shared, context, new Upgrade(shared, context, frameConfig), socket, policy, fallbacks);
    socket
        .pipeline()
        .addLast(
            gateway.clock(),
            new HttpCodec(DECODER_CONFIG, context.requests()),
            new FlowControlHandler(), // passes nothing on while reading is off
            new BodyAggregator(shared.options().maxRequestBytes(), gateway, context.requests()),
            gateway);
    Tls tls = policy.tls();
    if (tls != null) {
      socket.pipeline().addFirst(new FirstByte(tls, gateway.peer(), context));
    }
    ProxyHeader.addTo(socket.pipeline(), shared.options(), gateway.peer());
  }
}
